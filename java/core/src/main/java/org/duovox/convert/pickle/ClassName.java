package org.duovox.convert.pickle;

/// A class or function that a pickle names and that is allowed, with what stands for calling it.
///
/// @param name module and name, joined by a dot
public record ClassName(String name, Constructor constructor) {

  /// Makes plain data of the arguments of a call.
  public interface Constructor {
    Object make(Tuple arguments);
  }
}
