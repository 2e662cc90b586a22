package org.duovox.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeTensor;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;

/// A process that writes the parameters all contenders of a case begin with.
///
/// Arguments: dual|single LAYERSxHIDDEN ROWSxTOKENS GAIN WEIGHTS. Matrices are GAIN times those
/// that a training begins with.
public final class Weights {
  private Weights() {}

  public static void main(String[] args) {
    Case size = Case.of(args[0], args[1], args[2], 0);
    float gain = Float.parseFloat(args[3]);
    SplittableRandom random = new SplittableRandom(2);
    try (NativeModel model = DuovoxModel.open(size);
        SafetensorsWriter out = Safetensors.create(Path.of(args[4]), Map.of())) {
      model
          .parameters()
          .forEach(p -> out.add(p.name(), p.shape(), initial(p, model.read(p), gain, random)));
      out.commit();
    }
  }

  /// Biases and norms are moved away from 0 and 1, where a contender without them would be equal.
  private static float[] initial(
      NativeTensor parameter, float[] values, float gain, SplittableRandom random) {
    boolean codebook = parameter.name().equals("contextual.codebook");
    boolean matrix = parameter.shape().length > 1;
    for (int i = 0; i < values.length; i++) {
      float noise = (float) random.nextDouble(-1, 1);
      values[i] = codebook ? noise : matrix ? gain * values[i] : values[i] + 0.1f * noise;
    }
    return values;
  }
}
