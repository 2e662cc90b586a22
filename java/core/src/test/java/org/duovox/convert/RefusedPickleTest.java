package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pickles that ask for code are refused by name, in every form of file and by every instruction
/// that can name a class; nothing is left behind.
class RefusedPickleTest {
  @TempDir Path folder;

  private record Attack(String name, byte[] pickle) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Attack attack(String name, PickleBytes pickle) {
    return new Attack(name, pickle.end());
  }

  /// Functions that run code or open files, each named in the old spelling and in that of protocol
  /// 4.
  private static final List<String> NAMES =
      List.of(
          "os.system",
          "posix.system",
          "nt.system",
          "os.popen",
          "subprocess.Popen",
          "builtins.eval",
          "builtins.exec",
          "builtins.getattr",
          "__builtin__.eval",
          "torch.load",
          "torch.jit._load",
          "torch.hub.load",
          "torch.serialization.load",
          "torch.storage._load_from_bytes",
          "torch._utils.x._rebuild_tensor_v2",
          "torch.nn.modules.linear.Linear",
          "numpy.load",
          "joblib.load",
          "runpy._run_code",
          "pickle.loads",
          "operator.attrgetter",
          "functools.partial",
          "sklearn.ensemble.RandomForest",
          "java.lang.Runtime");

  static Stream<Attack> attacks() {
    return Stream.concat(NAMES.stream().flatMap(RefusedPickleTest::spellings), everyInstruction());
  }

  private static Stream<Attack> spellings(String name) {
    int dot = name.lastIndexOf('.');
    String module = name.substring(0, dot);
    String function = name.substring(dot + 1);
    return Stream.of(
        attack(name, PickleBytes.protocol(2).global(module, function).text("id").code(0x85, 'R')),
        attack(
            name,
            PickleBytes.protocol(4).stackGlobal(module, function).text("id").code(0x85, 'R')));
  }

  /// All that can name a class and make something of it, also deep inside of a checkpoint.
  private static Stream<Attack> everyInstruction() {
    String name = "os.system";
    PickleBytes inside = PickleBytes.protocol(2).ops("}").text("model");
    return Stream.of(
        attack(name, new PickleBytes().global("os", "system").ops("(S'id'\ntR")),
        attack(name, new PickleBytes().ops("(S'id'\nios\nsystem\n")),
        attack(name, new PickleBytes().ops("(").global("os", "system").ops("S'id'\no")),
        attack(name, PickleBytes.protocol(2).global("os", "system").ops(")").code(0x81)),
        attack(name, PickleBytes.protocol(4).stackGlobal("os", "system").ops(")}").code(0x92)),
        attack(name, PickleBytes.protocol(2).global("os", "system").ops("}b")),
        attack(name, PickleBytes.protocol(2).global("os", "system")),
        attack(name, inside.global("os", "system").text("id").code(0x85).ops("Rs")));
  }

  private void refused(byte[] content, String name) throws Exception {
    Path file = Files.write(folder.resolve("evil.pt"), content);
    Path out = folder.resolve("out");
    DuovoxException e =
        assertFails(
            Kind.BAD_DATA,
            () -> Checkpoints.convertGeneric(file, out),
            "refused: the pickle asks for " + name + ",",
            "nothing was executed",
            "evil.pt");
    assertEquals(65, e.kind().exitCode());
    assertFalse(Files.exists(out));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count(), "nothing but the checkpoint is left");
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void inAPlainPickle(Attack attack) throws Exception {
    refused(attack.pickle(), attack.name());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void inAnArchive(Attack attack) throws Exception {
    refused(Checkpoints.zip(attack.pickle(), Map.of()), attack.name());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void inTheOldForm(Attack attack) throws Exception {
    refused(Checkpoints.old(attack.pickle(), true, Map.of(), 4), attack.name());
  }

  @Test
  void besideTheCheckpoint() throws Exception {
    Checkpoints.write(folder, "args.pkl", PickleBytes.protocol(2).global("os", "system").end());
    Path file =
        Checkpoints.write(
            folder, "best_audio_model.pth", Checkpoints.state(Shapes.resDavenet(), new Random(1)));
    assertFails(
        Kind.BAD_DATA,
        () -> Checkpoints.convert(file, folder.resolve("out")),
        "args.pkl",
        "asks for os.system");
  }

  /// Allowed classes with arguments that they cannot be made of.
  @Test
  void allowedClassesAreNoWayIn() {
    String[] pickles = {
      "ctorch._utils\n_rebuild_tensor_v2\n)R.",
      "ctorch._utils\n_rebuild_parameter\n(NtR.",
      "ctorch._tensor\n_rebuild_from_type_v2\n(cargparse\nNamespace\nN)NtR.",
      "ctorch._utils\n_rebuild_tensor_v3\n(NNNNNNNtR.",
      "c_codecs\nencode\n(S'x'\nS'zip'\ntR.",
      "c_codecs\nencode\n(V\\u20ac\nS'latin1'\ntR.",
      "ccopyreg\n_reconstructor\n(S'x'\ntR.",
      "cbuiltins\nlist\n(I1\ntR.",
      "cbuiltins\nbytes\n(I1\ntR.",
      "ccollections\nOrderedDict\n((lp0\nI1\natR.",
      "cnumpy\ndtype\n(S'x9'\ntR.",
      "cnumpy\ndtype\n(S'f4'\ntRNb.",
      "cnumpy.core.multiarray\n_reconstruct\n)RNb.",
      "cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(S'f8'\ntRS'xx'\ntR.",
      "cnumpy.core.numeric\n_frombuffer\n)R."
    };
    for (String pickle : pickles) {
      Path file = Checkpoints.write(folder, "a.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
      assertFails(
          Kind.BAD_DATA, () -> Checkpoints.convertGeneric(file, folder.resolve("o")), "a.pkl");
    }
  }
}
