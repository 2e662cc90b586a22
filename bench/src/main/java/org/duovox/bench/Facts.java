package org.duovox.bench;

import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRuntime;

/// A process that prints what Duovox's native library says of itself and of a case: its version of
/// libtorch, and the floating-point operations of a forward pass with heads.
///
/// Arguments: dual|single LAYERSxHIDDEN ROWSxTOKENS.
public final class Facts {
  private Facts() {}

  public static void main(String[] args) {
    Case size = Case.of(args[0], args[1], args[2], 0);
    try (NativeModel model = DuovoxModel.open(size);
        NativeRing ring = DuovoxModel.ring(size)) {
      System.out.println(NativeRuntime.info().libtorch());
      System.out.println(model.flops(ring, DuovoxModel.shape(size)));
    }
  }
}
