package org.duovox.audio.manifest;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.testing.NamedPipe;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What has the name of an audio file and cannot be used is an utterance that is skipped and named,
/// never one that vanishes or ends the run.
class ManifestFolderTest {
  @TempDir Path folder;
  private final AudioLoader loader = AudioLoader.standard();

  @BeforeEach
  void good() throws IOException {
    new TestWav().pcm16(new int[100]).write(folder.resolve("good.wav"));
  }

  private Utterance other() {
    List<Utterance> all = Manifest.read(folder).utterances();
    assertEquals(2, all.size(), all.toString());
    assertEquals(100, loader.load(find(all, "good")).samples().length);
    return all.stream().filter(u -> !u.id().equals("good")).findFirst().orElseThrow();
  }

  private static Utterance find(List<Utterance> all, String id) {
    return all.stream().filter(u -> u.id().equals(id)).findFirst().orElseThrow();
  }

  private void unusable(String... parts) {
    Utterance bad = other();
    DuovoxException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            DuovoxException.class, () -> loader.load(bad));
    assertTrue(e.kind() == Kind.BAD_DATA || e.kind() == Kind.MISSING_INPUT, e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void aLinkToNothing() throws IOException {
    Files.createSymbolicLink(folder.resolve("x.WAV"), folder.resolve("gone/x.wav"));
    unusable("x.WAV", "link", "does not exist");
  }

  @Test
  void aLinkToItself() throws IOException {
    Files.createSymbolicLink(folder.resolve("x.flac"), Path.of("x.flac"));
    unusable("x.flac");
  }

  @Test
  void aLinkOutOfTheFolder(@TempDir Path elsewhere) throws IOException {
    Path there = Files.copy(folder.resolve("good.wav"), elsewhere.resolve("c.wav"));
    Files.createSymbolicLink(folder.resolve("x.wav"), there);
    unusable("x.wav", "is a link to a file that is not below " + folder, "--allow-absolute");
    Files.delete(folder.resolve("x.wav"));
    Files.createSymbolicLink(folder.resolve("x"), elsewhere);
    unusable("x/c.wav", "not below");
    Utterance named =
        find(Manifest.of(List.of(folder), PathRules.of(true, null)).utterances(), "x/c");
    assertEquals(100, loader.load(named).samples().length);
  }

  @Test
  void aFolder() throws IOException {
    Files.createDirectories(folder.resolve("x.wav/notes"));
    unusable("x.wav", "folder");
    Files.copy(folder.resolve("good.wav"), folder.resolve("x.wav/take.wav"));
    List<Utterance> all = Manifest.read(folder).utterances();
    assertEquals(List.of("good", "x.wav/take"), all.stream().map(Utterance::id).toList());
  }

  @Test
  void anEmptyFile() throws IOException {
    Files.createFile(folder.resolve("x.ogg"));
    unusable("x.ogg", "empty");
  }

  @Test
  void aPipeIsNotOpened() throws Exception {
    NamedPipe.make(folder.resolve("x.wav"));
    unusable("x.wav", "pipe");
  }

  @Test
  void aNameThatNoTensorMayHave() throws IOException {
    Files.copy(folder.resolve("good.wav"), folder.resolve("__metadata__.wav"));
    unusable("__metadata__.wav", "cannot be an id", "rename");
  }

  @Test
  void aNameWithAControlCharacter() throws IOException {
    Files.copy(folder.resolve("good.wav"), folder.resolve("tab\there\n.wav"));
    unusable("tab\\there\\n.wav", "control character", "rename");
    assertEquals("tab\\there\\n", other().id());
  }

  @Test
  void aNameWithABackslash() throws IOException {
    Files.copy(folder.resolve("good.wav"), folder.resolve("a\\tb.wav"));
    unusable("a\\\\tb.wav", "backslash");
    Files.copy(folder.resolve("good.wav"), folder.resolve("a\tb.wav"));
    Files.copy(folder.resolve("good.wav"), folder.resolve("a\tb.flac"));
    assertEquals(4, Manifest.read(folder).size());
    assertEquals(
        2,
        Manifest.of(
                List.of(folder.resolve("a\tb.wav"), folder.resolve("good.wav")), PathRules.STRICT)
            .size());
  }

  @Test
  void aNameThatIsNoText() throws IOException {
    Path bad = Path.of(URI.create(folder.toUri() + "a%FFb.wav"));
    Files.copy(folder.resolve("good.wav"), bad);
    Assumptions.assumeTrue(
        bad.toString().indexOf('\uFFFD') >= 0, "SKIPPED: names have another encoding here");
    unusable("a\\xFFb.wav", "encoding of names");
    assertEquals("a\\xFFb", other().id());
  }

  @Test
  void aLoopOfLinksIsLeftOut() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Files.copy(folder.resolve("good.wav"), folder.resolve("sub/b.wav"));
    Files.createSymbolicLink(folder.resolve("sub/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("here"), folder);
    Files.createSymbolicLink(folder.resolve("parent"), folder.getParent());
    Files.createSymbolicLink(folder.resolve("sub/parent"), Path.of("../.."));
    assertEquals(
        List.of("good", "sub/b"),
        Manifest.read(folder).utterances().stream().map(Utterance::id).toList());
  }

  @Test
  void theWayInIsNamedAndWorks(@TempDir Path elsewhere) throws IOException {
    Path there = Files.copy(folder.resolve("good.wav"), elsewhere.resolve("c.wav"));
    Path jsonl = folder.resolve("m.jsonl");
    Files.writeString(jsonl, "{\"audio\": \"" + there + "\"}\n");
    assertFails(
        Kind.BAD_DATA, () -> Manifest.read(jsonl), "m.jsonl:1", "--root", "--allow-absolute");
    for (String root : List.of(elsewhere.toString(), elsewhere.getParent().toString())) {
      Utterance read = Manifest.read(jsonl, PathRules.of(false, root)).utterances().getFirst();
      assertEquals(there, read.audio());
      assertEquals(Path.of(root).relativize(there) + "", read.id() + ".wav");
    }
    Files.writeString(jsonl, "{\"file_name\": \"/old/place/c.wav\"}\n");
    PathRules moved = PathRules.of(false, "/old/place=" + elsewhere);
    assertEquals(there, Manifest.read(jsonl, moved).utterances().getFirst().audio());
    assertEquals("c", Manifest.read(jsonl, moved).utterances().getFirst().id());
    Files.writeString(jsonl, "{\"file_name\": \"/old/place/../../etc/c.wav\"}\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(jsonl, moved), "m.jsonl:1", "absolute path");
    Path tsv = Files.writeString(folder.resolve("m.tsv"), "/old/place\nc.wav\t100\n");
    assertFails(Kind.MISSING_INPUT, () -> Manifest.read(tsv), "m.tsv:1", "--root");
    for (String root : List.of(elsewhere.toString(), "/old=" + elsewhere.getParent())) {
      if (root.startsWith("/old=") && !elsewhere.endsWith("place")) {
        continue;
      }
      assertEquals(
          there, Manifest.read(tsv, PathRules.of(false, root)).utterances().getFirst().audio());
    }
    Files.writeString(jsonl, "{\"file_name\": \"../good.wav\"}\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(jsonl), "m.jsonl:1", "--allow-absolute");
    assertEquals(
        folder.getParent().resolve("good.wav"),
        Manifest.read(jsonl, PathRules.of(true, null)).utterances().getFirst().audio());
    assertFails(Kind.USAGE, () -> PathRules.of(false, "old=" + elsewhere), "OLD");
  }
}
