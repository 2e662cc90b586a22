package org.duovox.convert.pickle;

/// Arguments or a state that an allowed class cannot be made of; the reader adds the place.
public final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Malformed(String message) {
    super(message);
  }
}
