package org.duovox.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.train.TrainControl;

/// Signals while a run trains: SIGTERM and SIGINT finish the step, save and leave; a second one
/// ends the process at once; SIGUSR1 saves and goes on.
///
/// The JDK has no public interface for signals; `sun.misc.Signal` of its module `jdk.unsupported`
/// is reached by reflection, since naming it is a warning of the compiler. Where it is missing, or
/// the JVM keeps a signal to itself (`-Xrs`), the signal does what it does for every other verb.
final class TrainingSignals implements AutoCloseable {
  private static final int BASE =
      128; // Exit code of a process that a signal ends, less the signal.

  private record Handled(Object signal, Object before) {}

  private final TrainControl control;
  private final Consumer<String> remarks;
  private final List<Handled> handled = new ArrayList<>();
  private volatile int exitCode;

  /// Handles the signals until it is closed.
  TrainingSignals(TrainControl control, Consumer<String> remarks) {
    this.control = control;
    this.remarks = remarks;
    handle("TERM", this::leave);
    handle("INT", this::leave);
    handle("USR1", (name, number) -> control.save());
  }

  /// What a signal does: given its name and number.
  @FunctionalInterface
  interface Action {
    void on(String name, int number);
  }

  /// 143 or 130 after a signal that asked to leave, else 0.
  int exitCode() {
    return exitCode;
  }

  private void leave(String name, int number) {
    if (exitCode != 0) {
      Runtime.getRuntime().halt(BASE + number);
    }
    exitCode = BASE + number;
    control.leave();
    remarks.accept("SIG" + name + ": finishing the step and saving; a second one stops at once");
  }

  private void handle(String name, Action action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object signal = type.getConstructor(String.class).newInstance(name);
      int number = (int) type.getMethod("getNumber").invoke(signal);
      MethodHandle call =
          MethodHandles.insertArguments(
              MethodHandles.lookup()
                  .findVirtual(
                      Action.class,
                      "on",
                      MethodType.methodType(void.class, String.class, int.class)),
              0,
              action,
              name,
              number);
      Object ours =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(call, 0, type));
      Object before = type.getMethod("handle", type, handler).invoke(null, signal, ours);
      handled.add(new Handled(signal, before));
    } catch (InvocationTargetException e) {
      // The JVM keeps this one to itself.
    } catch (ReflectiveOperationException e) {
      // No such class in this JDK.
    }
  }

  /// Gives the signals back.
  @Override
  public void close() {
    for (Handled one : handled) {
      try {
        Class<?> type = one.signal().getClass();
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        type.getMethod("handle", type, handler).invoke(null, one.signal(), one.before());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("signal handlers were there before", e);
      }
    }
    handled.clear();
  }
}
