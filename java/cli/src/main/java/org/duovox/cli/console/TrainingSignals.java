package org.duovox.cli.console;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Signals while a training or a recipe runs: SIGTERM and SIGINT finish the step, save and leave; a
/// second one ends the process at once; SIGUSR1 saves and goes on.
///
/// The JDK has no public interface for signals; `sun.misc.Signal` of its module `jdk.unsupported`
/// is reached by reflection, since naming it is a warning of the compiler. Where it is missing, or
/// the JVM keeps a signal to itself (`-Xrs`), the signal does what it does for every other verb.
public final class TrainingSignals implements AutoCloseable {
  // A process that a signal ends has this exit code plus the signal's number.
  private static final int EXIT_CODE_BASE = 128;

  private record Handled(Object signal, Object earlierHandler) {}

  private final Runnable saveAndLeave;
  private final Consumer<String> remarks;
  private final IntConsumer end;
  private final List<Handled> handled = new ArrayList<>();
  private final AtomicInteger exitCode = new AtomicInteger();

  /// Handles the signals until it is closed.
  ///
  /// @param saveAndLeave asks the training to save and leave
  /// @param save asks it to save and go on
  /// @param remarks receives the line for people that says so
  public TrainingSignals(Runnable saveAndLeave, Runnable save, Consumer<String> remarks) {
    this(saveAndLeave, save, remarks, Runtime.getRuntime()::halt);
  }

  /// @param end ends the process with an exit code
  TrainingSignals(Runnable saveAndLeave, Runnable save, Consumer<String> remarks, IntConsumer end) {
    this.saveAndLeave = saveAndLeave;
    this.remarks = remarks;
    this.end = end;
    handle("TERM", this::leave);
    handle("INT", this::leave);
    handle("USR1", (name, number) -> save.run());
  }

  /// What happens at a signal.
  @FunctionalInterface
  interface Action {
    void on(String name, int number);
  }

  /// Returns 143 or 130 after a signal that asked to leave, else 0.
  public int exitCode() {
    return exitCode.get();
  }

  /// Handles SIGTERM or SIGINT.
  void leave(String name, int number) {
    int code = EXIT_CODE_BASE + number;
    if (!exitCode.compareAndSet(0, code)) {
      end.accept(code);
      return;
    }
    saveAndLeave.run();
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
      Object earlier = type.getMethod("handle", type, handler).invoke(null, signal, ours);
      handled.add(new Handled(signal, earlier));
    } catch (InvocationTargetException e) {
      // The JVM keeps this one to itself.
    } catch (ReflectiveOperationException e) {
      // No such class in this JDK.
    }
  }

  /// Puts the earlier handlers back.
  @Override
  public void close() {
    for (Handled one : handled) {
      try {
        Class<?> type = one.signal().getClass();
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        type.getMethod("handle", type, handler).invoke(null, one.signal(), one.earlierHandler());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("signal handlers were there before", e);
      }
    }
    handled.clear();
  }
}
