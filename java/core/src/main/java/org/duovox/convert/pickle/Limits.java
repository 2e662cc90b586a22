package org.duovox.convert.pickle;

/// Bounds on what a checkpoint may ask for: far above what real ones do, far below what hurts.
public final class Limits {
  /// Instructions of one pickle; a checkpoint of a thousand tensors has some forty thousand.
  static final long OPCODES = 20_000_000;

  /// Estimated bytes of the objects that one pickle makes; tensors are not among them.
  public static final long HEAP_BYTES = 256L << 20;

  public static final int STACK = 2_000_000;
  public static final int MARKS = 100_000;
  public static final int MEMO = 2_000_000;

  /// The longest line of a text instruction, and of one that spells a number.
  static final int LINE = 1 << 20;

  static final int NUMBER_LINE = 400;
  static final int NUMBER_BYTES = 256;

  /// Nesting of what is looked through.
  public static final int DEPTH = 32;

  /// Dimensions of a tensor; safetensors of ours has the same bound.
  public static final int RANK = 16;

  public static final int TENSORS = 1_000_000;

  /// Entries of an archive: one a storage, and few others.
  public static final int ENTRIES = 1_000_000;

  /// What a compressed file may grow to, times its size, beyond [#FREE_GROWTH].
  public static final long GROWTH = 200;

  public static final long FREE_GROWTH = 64L << 20;

  /// The part of a storage that a tensor with gaps or of another order is gathered from in memory.
  public static final long GATHERED = 256L << 20;

  /// Values of a codebook, which is held in memory.
  public static final long CENTROIDS = 64L << 20;

  public static final int NAME_BYTES = 4096;

  private Limits() {}
}
