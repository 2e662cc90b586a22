package org.duovox.internal;

import org.duovox.DuovoxException;

/// Thrown when the native library ran out of host or device memory. Nothing has changed: the same
/// call may be tried again with less data.
public final class NativeOutOfMemoryException extends DuovoxException {
  private static final long serialVersionUID = 1;

  public NativeOutOfMemoryException(String message) {
    super(Kind.RETRY, message);
  }
}
