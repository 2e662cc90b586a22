package org.duovox.units.corpus;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/// A list whose elements are made each time they are asked for, so that a corpus costs the memory
/// of the utterances in use only.
final class LazyList<T> extends AbstractList<T> implements RandomAccess {
  private final int size;
  private final IntFunction<T> element;

  /// @param element safe for use by several threads
  LazyList(int size, IntFunction<T> element) {
    this.size = size;
    this.element = element;
  }

  @Override
  public T get(int index) {
    Objects.checkIndex(index, size);
    return element.apply(index);
  }

  @Override
  public int size() {
    return size;
  }

  /// The same elements, each changed when it is asked for.
  static <T> LazyList<T> map(List<T> list, UnaryOperator<T> change) {
    return new LazyList<>(list.size(), i -> change.apply(list.get(i)));
  }

  /// The elements at these indices.
  static <T> LazyList<T> select(List<T> list, int[] indices) {
    return new LazyList<>(indices.length, i -> list.get(indices[i]));
  }
}
