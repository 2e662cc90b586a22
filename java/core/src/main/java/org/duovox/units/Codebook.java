package org.duovox.units;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.tensors.NpyFile;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.io.tensors.TensorInfo;

/// A k-means codebook and its origin.
///
/// The file is safetensors with one float32 tensor `cluster_centers_` of shape (clusters, width)
/// and string metadata: `format` "duovox-codebook", `version`, the origin of the features
/// (`encoder`, `layer`, `weights_sha256`, `normalisation`, `chunking`, `interval_ms`, `offset_ms`)
/// and `fit.*` for the settings of the fit. Any file with that tensor can be read (float16 and
/// float64 too), and a NumPy file `.npy` of (clusters, width); without metadata the origin is
/// unknown. A codebook of joint units also has `joint_codes`, I32 (clusters, groups), and one of
/// residual or product k-means the centroids of its stages. The identity of a codebook is the
/// SHA-256 of the tensor's bytes as float32.
public final class Codebook {
  public static final String TENSOR = "cluster_centers_";
  private static final String JOINT = "joint_codes";
  private static final String FORMAT = "duovox-codebook";

  private final float[] centroids;
  private final int clusters;
  private final int width;
  private final StreamInfo stream;
  private final Map<String, String> fit;
  private final String sha256;
  private final JointCodes joint; // Null unless units stand for combinations of codes.
  private final StagedCentroids stages; // Null unless of residual or product k-means.
  private final String source; // File, for messages.

  /// @param centroids (clusters, width) row-major
  /// @param stream the features it was fitted on
  /// @param fit settings and outcome of the fit, for readers
  public Codebook(float[] centroids, int clusters, StreamInfo stream, Map<String, String> fit) {
    this(centroids, clusters, stream, fit, null, null);
  }

  public Codebook(
      float[] centroids,
      int clusters,
      StreamInfo stream,
      Map<String, String> fit,
      JointCodes joint,
      StagedCentroids stages) {
    this(centroids, clusters, stream, fit, joint, stages, "the codebook");
  }

  private Codebook(
      float[] centroids,
      int clusters,
      StreamInfo stream,
      Map<String, String> fit,
      JointCodes joint,
      StagedCentroids stages,
      String source) {
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
    this.joint = joint;
    this.stages = stages;
    this.source = source;
  }

  /// Reads a codebook file.
  public static Codebook read(Path file) {
    if (file.toString().endsWith(".npy")) {
      return readNpy(file);
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      long[] shape = tensors.require(TENSOR).shape();
      requireShape(shape, TENSOR, file);
      float[] values = tensors.floats(TENSOR);
      requireFinite(values, (int) shape[1], TENSOR, file);
      return new Codebook(
          values,
          (int) shape[0],
          CodebookMetadata.stream(tensors.metadata(), file),
          CodebookMetadata.fit(tensors.metadata()),
          joint(tensors, (int) shape[0]),
          StagedCentroids.find(tensors).orElse(null),
          file.toString());
    }
  }

  private static Codebook readNpy(Path file) {
    try (NpyFile array = NpyFile.open(file)) {
      requireShape(array.shape(), "the array", file);
      float[] values = array.floats();
      requireFinite(values, (int) array.shape()[1], "the array", file);
      StreamInfo unknown = CodebookMetadata.stream(Map.of(), file);
      return new Codebook(
          values, (int) array.shape()[0], unknown, Map.of(), null, null, file.toString());
    }
  }

  private static JointCodes joint(SafetensorsFile file, int clusters) {
    Optional<TensorInfo> tensor = file.find(JOINT);
    if (tensor.isEmpty()) {
      return null;
    }
    long[] shape = tensor.get().shape();
    if (shape.length != 2 || shape[0] != clusters || shape[1] < 1) {
      throw DuovoxException.badData(
          "%s: %s has shape %s, not (%d, groups)"
              .formatted(file.path(), JOINT, Arrays.toString(shape), clusters));
    }
    int[] codes = file.ints(JOINT);
    return DuovoxException.within(file.path(), () -> new JointCodes(codes, (int) shape[1]));
  }

  /// Writes the file; equal codebooks give equal bytes.
  public void write(Path file) {
    Map<String, String> metadata = CodebookMetadata.of(stream, fit);
    metadata.put("format", FORMAT);
    metadata.put("version", "1");
    try (SafetensorsWriter writer = Safetensors.create(file, metadata)) {
      writer.add(TENSOR, new long[] {clusters, width}, centroids);
      if (joint != null) {
        writer.add(JOINT, new long[] {clusters, joint.groups()}, joint.codes());
      }
      if (stages != null) {
        stages.write(writer);
      }
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

  /// Settings and outcome of the fit, for readers.
  public Map<String, String> fit() {
    return fit;
  }

  /// SHA-256 of the centroids' little-endian float32 bytes, row-major.
  public String sha256() {
    return sha256;
  }

  /// The combination of group codes that each unit stands for; empty for plain units.
  public Optional<JointCodes> joint() {
    return Optional.ofNullable(joint);
  }

  /// The centroids of the stages, for units of residual or product k-means.
  public Optional<StagedCentroids> stages() {
    return Optional.ofNullable(stages);
  }

  /// Refuses vectors that are all equal, from which nothing can be reconstructed.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the file
  public void requireSpread() {
    if (areEqual(centroids, width)) {
      throw DuovoxException.badData(
          source
              + ": all its vectors are equal, so that masked context reconstruction has nothing to"
              + " aim at; make the codebook again on other features, or set pretrain.mcr_weight to"
              + " 0");
    }
  }

  /// Whether all rows of this width are equal.
  public static boolean areEqual(float[] rows, int width) {
    for (int i = width; i < rows.length; i++) {
      if (rows[i] != rows[i % width]) {
        return false;
      }
    }
    return true;
  }

  private static void requireShape(long[] shape, String what, Path file) {
    if (shape.length != 2 || shape[0] < 1 || shape[1] < 1 || shape[0] > JointCodes.MAX_UNITS) {
      throw DuovoxException.badData(
          "%s: %s has shape %s, not (clusters, width)"
              .formatted(file, what, Arrays.toString(shape)));
    }
  }

  static void requireFinite(float[] values, int width, String what, Path file) {
    float largest = FiniteDistances.largest(width);
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]) <= largest)) {
        throw DuovoxException.badData(
            "%s: %s, element %d, %s; make the codebook again"
                .formatted(file, what, i, FiniteDistances.describe(values[i], width)));
      }
    }
  }

  private static String sum(float[] values) {
    return Hashes.sha256(values);
  }
}
