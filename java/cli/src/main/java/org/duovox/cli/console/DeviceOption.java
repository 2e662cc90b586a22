package org.duovox.cli.console;

import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.speech.encoders.Encoders;
import picocli.CommandLine.Option;

/// `--device` of the verbs that compute: asked for before any work, so that a machine without a GPU
/// refuses at once.
public final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "WHERE",
      defaultValue = "cpu",
      description =
          "cpu, or cuda: the first NVIDIA GPU, with the libraries of 'duovox fetch cuda'. Default:"
              + " ${DEFAULT-VALUE}.")
  private Device device = Device.CPU;

  /// The device, ready for use: CUDA must be switched on before anything asks for its devices.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when its libraries, a driver or a GPU are missing
  public Device ready() {
    if (device == Device.CUDA) {
      try {
        NativeRuntime.loadCuda();
      } catch (DuovoxException e) {
        throw DuovoxException.unavailable(
            "--device cuda: "
                + e.getMessage()
                + "; it needs an NVIDIA driver and the libraries of 'duovox fetch cuda'; without"
                + " them leave --device out");
      }
    }
    return device;
  }

  /// The device, ready for an encoder; only those that the native library computes have code for
  /// CUDA.
  public Device readyFor(String encoder) {
    if (!Encoders.runsOn(encoder, device)) {
      requireCpu("encoder " + encoder);
    }
    return ready();
  }

  /// Refuses CUDA for what has no code for it.
  ///
  /// @param what e.g. "k-means"
  public void requireCpu(String what) {
    if (device == Device.CUDA) {
      throw DuovoxException.unavailable(
          "--device cuda: %s computes on the CPU only; leave --device out".formatted(what));
    }
  }
}
