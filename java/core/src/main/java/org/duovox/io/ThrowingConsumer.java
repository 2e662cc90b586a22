package org.duovox.io;

import java.io.IOException;

/// A consumer that may fail with an [IOException]: what writes the content of a file.
@FunctionalInterface
public interface ThrowingConsumer<T> {
  void accept(T value) throws IOException;
}
