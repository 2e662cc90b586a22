package org.duovox.units;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;
import org.duovox.io.SafetensorsWriter;

/// A k-means codebook and where it came from.
///
/// The file is safetensors with one float32 tensor `cluster_centers_` of shape (clusters, width)
/// and string metadata: `format` "duovox-codebook", `version`, the origin of the features
/// (`encoder`, `layer`, `weights_sha256`, `normalisation`, `chunking`, `interval_ms`, `offset_ms`)
/// and `fit.*` for how it was made. Any file with that tensor is read; without metadata its origin
/// is unknown. The identity of a codebook is the SHA-256 of the tensor's bytes.
public final class Codebook {
  static final String TENSOR = "cluster_centers_";
  private static final String FORMAT = "duovox-codebook";

  private final float[] centroids;
  private final int clusters;
  private final int width;
  private final StreamInfo stream;
  private final Map<String, String> fit;
  private final String sha256;

  /// @param centroids (clusters, width) row-major
  /// @param stream the features it was fitted on
  /// @param fit settings and outcome of the fit, for people
  public Codebook(float[] centroids, int clusters, StreamInfo stream, Map<String, String> fit) {
    if (clusters < 1 || centroids.length == 0 || centroids.length % clusters != 0) {
      throw new IllegalArgumentException(
          centroids.length + " values for " + clusters + " centroids");
    }
    this.centroids = centroids.clone();
    this.clusters = clusters;
    this.width = centroids.length / clusters;
    this.stream = stream;
    this.fit = java.util.Collections.unmodifiableMap(new TreeMap<>(fit));
    this.sha256 = sum(this.centroids);
  }

  /// Reads a codebook file.
  public static Codebook read(Path file) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      long[] shape = tensors.require(TENSOR).shape();
      if (shape.length != 2 || shape[0] < 1 || shape[1] < 1 || shape[0] > 1_000_000) {
        throw DuovoxException.badData(
            "%s: %s has shape %s, not (clusters, width)"
                .formatted(file, TENSOR, Arrays.toString(shape)));
      }
      float[] values = tensors.floats(TENSOR);
      requireFinite(values, file);
      return new Codebook(
          values,
          (int) shape[0],
          CodebookMetadata.stream(tensors.metadata(), file),
          CodebookMetadata.fit(tensors.metadata()));
    }
  }

  /// Writes the file; equal codebooks give equal bytes.
  public void write(Path file) {
    Map<String, String> metadata = CodebookMetadata.of(stream, fit);
    metadata.put("format", FORMAT);
    metadata.put("version", "1");
    try (SafetensorsWriter writer = Safetensors.create(file, metadata)) {
      writer.add(TENSOR, new long[] {clusters, width}, centroids);
      writer.commit();
    }
  }

  /// A copy of the centroids, (clusters, width) row-major.
  public float[] centroids() {
    return centroids.clone();
  }

  public int clusters() {
    return clusters;
  }

  /// Values per centroid.
  public int width() {
    return width;
  }

  public StreamInfo stream() {
    return stream;
  }

  /// How it was made: settings and outcome, for people.
  public Map<String, String> fit() {
    return fit;
  }

  /// SHA-256 of the centroids' little-endian float32 bytes, row-major.
  public String sha256() {
    return sha256;
  }

  private static void requireFinite(float[] values, Path file) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw DuovoxException.badData(
            "%s: %s holds %s at element %d; a codebook must be finite"
                .formatted(file, TENSOR, values[i], i));
      }
    }
  }

  private static String sum(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Hashes.sha256(bytes.array());
  }
}
