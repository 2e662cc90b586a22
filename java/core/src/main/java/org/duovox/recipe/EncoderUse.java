package org.duovox.recipe;

import java.nio.file.Path;
import org.duovox.io.Hashes;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.encoders.Encoders;

/// An encoder as a recipe uses it: layers that agree in this come from one pass and lie in one
/// feature folder.
record EncoderUse(String encoder, String chunking) implements Comparable<EncoderUse> {
  private static final int HASH_SHOWN = 8;

  static EncoderUse of(Representation representation) {
    return new EncoderUse(representation.encoder(), representation.chunking());
  }

  Encoder open(int parallelism) {
    return Encoders.open(encoder, Chunking.parse(chunking), parallelism);
  }

  /// The name of its feature folder: two encoders of one file name, or one cut in two ways, never
  /// share it.
  String folder() {
    String name = Path.of(encoder).getFileName().toString();
    return Encoders.NAMES.contains(encoder)
        ? name
        : name + "-" + Hashes.builder().add(this.toString()).finish().substring(0, HASH_SHOWN);
  }

  @Override
  public int compareTo(EncoderUse other) {
    return toString().compareTo(other.toString());
  }

  /// The encoder, and how audio is cut unless it is read whole.
  @Override
  public String toString() {
    return chunking.equals(Chunking.WHOLE.toString()) ? encoder : encoder + " " + chunking;
  }
}
