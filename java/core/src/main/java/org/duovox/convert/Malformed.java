package org.duovox.convert;

/// Arguments or a state that an allowed class cannot be made of; the reader adds the place.
final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Malformed(String message) {
    super(message);
  }
}
