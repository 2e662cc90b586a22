package org.duovox.convert.checkpoint;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.convert.PickleBytes;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.PickleInput;
import org.duovox.convert.pickle.Tuple;
import org.duovox.convert.pickle.Unpickler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the opcodes make, and the bounds on them; pickles by hand, as `pickletools` shows them.
class UnpicklerTest {
  private static Object load(byte[] pickle) {
    try (PickleInput input = new PickleInput(ByteSource.of(pickle), "a.pkl")) {
      return new Unpickler(input, AllowedClasses::find).load();
    }
  }

  private static Object load(String pickle) {
    return load(pickle.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void refused(byte[] pickle, String... parts) {
    assertFails(Kind.BAD_DATA, () -> load(pickle), "a.pkl: byte ");
    assertFails(Kind.BAD_DATA, () -> load(pickle), parts);
  }

  @Test
  void numbers() {
    assertEquals(5L, load("I5\n."));
    assertEquals(true, load("I01\n."));
    assertEquals(false, load("I00\n."));
    assertEquals(-7L, load("L-7L\n."));
    assertEquals(-2L, load("J\u00fe\u00ff\u00ff\u00ff."));
    assertEquals(255L, load("K\u00ff."));
    assertEquals(65535L, load("M\u00ff\u00ff."));
    assertEquals(0L, load("\u008a\0."));
    assertEquals(-128L, load("\u008a\1\u0080."));
    assertEquals(200L, load("\u008a\2\u00c8\0."));
    assertEquals(300L, load("\u008b\2\0\0\0\u002c\1."));
    assertEquals(BigInteger.TWO.pow(64), load("\u008a\t\0\0\0\0\0\0\0\0\1."));
    assertEquals(1.5, load("F1.5\n."));
    assertEquals(Double.NEGATIVE_INFINITY, load("F-inf\n."));
    assertEquals(1.0, load("G\u003f\u00f0\0\0\0\0\0\0."));
    assertNull(load("N."));
    assertEquals(true, load("\u0088."));
  }

  @Test
  void texts() throws Exception {
    assertEquals("a'b\n\u00ff", load("S'a\\'b\\n\\xff'\n."));
    assertEquals("\u20ac\\n", load("V\\u20ac\\n\n."));
    assertEquals("\u00e9", load("V\u00e9\n."));
    assertEquals("\u00e9", load("U\1\u00e9."));
    assertEquals("\u00e9", load("X\2\0\0\0\u00c3\u00a9."));
    assertEquals("ab", load("\u008c\2ab."));
    assertEquals("ab", load("\u008d\2\0\0\0\0\0\0\0ab."));
    ByteSource bytes = (ByteSource) load("C\3abc.");
    assertEquals("abc", new String(bytes.open(0).readAllBytes(), StandardCharsets.US_ASCII));
    assertEquals(
        "c", new String(bytes.slice(2, 1).open(0).readAllBytes(), StandardCharsets.US_ASCII));
  }

  @Test
  void containers() {
    assertEquals(new Tuple(List.of(1L, 2L, 3L)), load("K\1K\2K\3\u0087."));
    assertEquals(new Tuple(List.of(1L, 2L)), load("(K\1K\2t."));
    assertEquals(List.of(1L, 2L), load("](K\1K\2e."));
    assertEquals(List.of(1L), load("]K\1a."));
    assertEquals(List.of(1L, 1L), load("(K\1q\0h\0l."));
    assertEquals(List.of(4L), load("\u008f(K\4\u0090."));
    Dict dict = (Dict) load("}(U\1aK\1U\1bK\2u.");
    assertEquals(List.of("a", "b"), List.copyOf(dict.entries().keySet()));
    assertEquals(2L, dict.get("b"));
    assertEquals(1L, ((Dict) load("(U\1aK\1d.")).get("a"));
    assertEquals(1L, ((Dict) load("ccollections\nOrderedDict\n)RU\1aK\1s.")).get("a"));
  }

  @Test
  void movesAndMemo() {
    assertEquals(1L, load("K\1K\0020."));
    assertEquals(1L, load("K\1(K\2K\0031."));
    assertEquals(1L, load("K\1(0."));
    Tuple twice = (Tuple) load("]2\u0086.");
    assertSame(twice.get(0), twice.get(1));
    assertEquals(7L, load("K\7p12\n0g12\n."));
    assertEquals(7L, load("K\7\u00940h\0."));
  }

  /// Hashing such a key would recurse for ever, or take 2^40 steps.
  @Test
  void containersAsKeysAreNotLookedInto() {
    assertEquals(1, ((Dict) load("}]q\0h\0aNs.")).size());
    PickleBytes nested = new PickleBytes().ops("}]");
    for (int i = 0; i < 40; i++) {
      nested.code('q', i, '0', ']', '(', 'h', i, 'h', i, 'e');
    }
    assertEquals(1, ((Dict) load(nested.ops("Ns").end())).size());
  }

  @Test
  void objectsKeepTheirContentOnly() {
    InertObject plain = (InertObject) load("(iargparse\nNamespace\n}U\1aK\1sb.");
    assertEquals("argparse.Namespace", plain.className());
    assertEquals(1L, plain.attribute("a"));
    InertObject made = (InertObject) load("(cargparse\nNamespace\no.");
    assertEquals(0, made.attributes().size());
    InertObject old =
        (InertObject)
            load(
                "ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR"
                    + "}U\1aK\2sb.");
    assertEquals(2L, old.attribute("a"));
    assertInstanceOf(Dict.class, load("ccollections\nOrderedDict\n)R}U\t_metadataNsb."));
  }

  @ParameterizedTest
  @CsvSource({
    "K, are needed",
    "X~~~~., are left",
    "X\u00ff\u00ff\u00ff\u00ff., are left",
    "T\u00ff\u00ff\u00ff\u00ff., are left",
    "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff., are left",
    "\u008d\3\0\0\0\1\0\0\0abc., are left",
    "\u008b\u00ff\u00ff\u00ff\u007f., whole number of",
    "\u008b\u00ff\u00ff\u00ff\u00ff., whole number of",
    "B\u00ff\u00ff\u00ff\u00ff., are left",
    "., a value is needed",
    "K\1t., no beginning",
    "(.,  a value is needed",
    "K\1(a., a value is needed",
    "h\5., never stored",
    "K\1K\2a., no list",
    "K\1(K\2K\3u., no dictionary",
    "}(K\1u., without a value",
    "K\1K\2R., no allowed class",
    "K\1)R., no allowed class",
    "NNb., the state of what has none",
    "Fx\\n., is no number",
    "Ix\\n., no whole number",
    "S'x\\n., not in quotes",
    "Vx\\u00\\n., an escaped character",
    "\u0080\6., protocol 6",
    "\u0097., outside of itself",
    "x., no instruction",
    "Pabc\\n., outside of itself",
    "K\1Q., outside of itself",
    "\u0082\1., extension registry",
    "X\1\0\0\0\u00ff., not UTF-8"
  })
  void whatCannotBe(String pickle, String part) {
    refused(pickle.replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1), part.strip());
  }

  @Test
  void workAndMemoryAreBounded() {
    byte[] marks = "(".repeat(Limits.MARKS + 1).getBytes(StandardCharsets.US_ASCII);
    refused(marks, "nested more than");
    byte[] stack = "N".repeat(Limits.STACK + 1).getBytes(StandardCharsets.US_ASCII);
    refused(stack, "on the stack");
    byte[] memo = new byte[2 * Limits.MEMO + 3];
    Arrays.fill(memo, (byte) 0x94);
    memo[0] = 'N';
    refused(memo, "remembered");
    byte[] digits = ("L" + "9".repeat(500) + "\n.").getBytes(StandardCharsets.US_ASCII);
    refused(digits, "a line of more than");
  }

  /// Three bytes that copy a long list, over and over.
  @Test
  void copiesCount() {
    PickleBytes pickle = new PickleBytes().global("builtins", "list").code('q', 1).ops("](");
    for (int i = 0; i < 100_000; i++) {
      pickle.ops("N");
    }
    pickle.ops("e").code('q', 0);
    for (int i = 0; i < 1000; i++) {
      pickle.code('h', 1, 'h', 0, 0x85, 'R', '0');
    }
    refused(pickle.end(), "memory");
  }
}
