package org.duovox.cli.console;

import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.speech.encoders.Encoders;
import picocli.CommandLine.Option;

/// `--device` of the verbs that compute. A verb asks for the device before any work, so that a
/// machine without a GPU refuses at once.
public final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "WHERE",
      defaultValue = "cpu",
      description =
          "cpu, or cuda: the first NVIDIA GPU, with the libraries of 'duovox fetch cuda'. Default:"
              + " ${DEFAULT-VALUE}.")
  private Device device = Device.CPU;

  /// Returns the device, ready for use. Loads the CUDA libraries, which must happen before anything
  /// asks for their devices.
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

  /// Returns the device, ready for an encoder. Only encoders that the native library computes run
  /// on CUDA.
  ///
  /// @throws DuovoxException (UNAVAILABLE) as [#ready], and for an encoder without code for CUDA
  public Device readyFor(String encoder) {
    if (!Encoders.runsOn(encoder, device)) {
      requireCpu("encoder " + encoder);
    }
    return ready();
  }

  /// Refuses CUDA for a computation that has no code for it.
  ///
  /// @param what the computation, e.g. "k-means"
  /// @throws DuovoxException (UNAVAILABLE) for `--device cuda`
  public void requireCpu(String what) {
    if (device == Device.CUDA) {
      throw DuovoxException.unavailable(
          "--device cuda: %s computes on the CPU only; leave --device out".formatted(what));
    }
  }
}
