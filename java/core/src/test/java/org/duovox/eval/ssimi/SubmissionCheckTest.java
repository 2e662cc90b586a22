package org.duovox.eval.ssimi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.eval.Distance;
import org.duovox.eval.Pooling;
import org.duovox.eval.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of problem, all told at once.
class SubmissionCheckTest {
  private static final String FRAMES = "1 2\n3 4\n";

  @TempDir Path folder;

  @BeforeEach
  void writeSet() throws IOException {
    write(
        "set/gold.csv",
        "type,filename,voice,word\nsynthetic,a,v,a\nsynthetic,b,v,b\nsynthetic,c,v,c\n"
            + "librispeech,a,,a\nlibrispeech,b,,b\n");
    write(
        "set/pairs.csv",
        "type,dataset,word_1,word_2,similarity,relatedness\n"
            + "synthetic,s,a,b,9,\n"
            + "synthetic,s,a,c,1,\n"
            + "librispeech,l,a,b,,2\n");
    for (String file : List.of("synthetic/a", "synthetic/b", "synthetic/c", "librispeech/a")) {
      write("sub/" + file + ".txt", FRAMES);
    }
    write("sub/librispeech/b.txt", FRAMES);
  }

  @Test
  void findsNothingInAGoodSubmission() throws IOException {
    write("set/synthetic/a.wav", "");
    write("sub/.duovox", "");
    assertEquals(new SubmissionCheck.Report(5, List.of()), check(Distance.COSINE, Pooling.MEAN));
  }

  @Test
  void tellsAllProblemsOfFilesAtOnce() throws IOException {
    Files.delete(folder.resolve("sub/synthetic/a.txt"));
    write("sub/synthetic/b.txt", "1 2 3\n4 5 6\n");
    write("sub/synthetic/c.txt", "1 nan\n1 oops\n2 inf\n");
    write("sub/synthetic/more.txt", FRAMES);
    write("sub/synthetic/notes.md", "");
    write("sub/librispeech/a.txt", "0 0\n0 0\n");
    write("sub/librispeech/b.txt", "1 2\n");
    write("set/synthetic/d.wav", "");
    assertProblems(
        check(Distance.COSINE, Pooling.MEAN),
        "sub/librispeech/a.txt: its vector (mean pooling) is zero, for which the cosine distance",
        "sub/librispeech/b.txt:1: is the only row",
        "sub/synthetic/more.txt: no file of the data set",
        "sub/synthetic/notes.md: no file of the data set",
        "sub/synthetic/a.txt: missing",
        "sub/synthetic/d.txt: missing",
        "sub/synthetic/b.txt: has 3 columns, most files beside it 2",
        "sub/synthetic/c.txt:1: holds nan",
        "sub/synthetic/c.txt:2: \"oops\" is not a number",
        "sub/synthetic/c.txt:3: holds inf");
  }

  @Test
  void tellsAllProblemsOfTablesAtOnce() throws IOException {
    write(
        "set/gold.csv",
        "type,filename,voice,word\nsynthetic,a,v,a\nsynthetic,b,u,b\nspoken,c,v,c\n"
            + "synthetic,a,v,a\nsynthetic,../c,v,c\n");
    write(
        "set/pairs.csv",
        "type,dataset,word_1,word_2,similarity,relatedness\nsynthetic,s,a,b,9,\n"
            + "synthetic,s,a,zebra,1,\nsynthetic,s,a,b,much,\nlibrispeech,l,a,b,,\n");
    Files.delete(folder.resolve("sub/synthetic/c.txt"));
    assertProblems(
        check(Distance.COSINE, Pooling.MEAN),
        "set/gold.csv:4: type \"spoken\" is neither",
        "set/gold.csv:5: synthetic/a is listed twice",
        "set/gold.csv:6: filename \"../c\" is not the bare name",
        "set/pairs.csv: neither similarity nor relatedness is filled in for every pair of"
            + " librispeech/l (relatedness is empty in line 5, similarity is empty in line 5)",
        "set/pairs.csv:4: similarity \"much\" is not a finite number",
        "set/pairs.csv:2: no voice of the gold list says both \"a\" and \"b\"",
        "set/pairs.csv:3: the gold list has no synthetic file for the word \"zebra\"");
  }

  @Test
  void tellsWhatIsNotThere() throws IOException {
    Files.delete(folder.resolve("set/pairs.csv"));
    Files.delete(folder.resolve("sub/librispeech/a.txt"));
    Files.delete(folder.resolve("sub/librispeech/b.txt"));
    Files.delete(folder.resolve("sub/librispeech"));
    assertProblems(
        check(Distance.COSINE, Pooling.MEAN),
        "set/pairs.csv",
        "sub/librispeech: no such folder; it must hold 2 files");
    SubmissionCheck.Report none =
        SubmissionCheck.of(
            folder.resolve("set/gold.csv"),
            folder.resolve("set/gold.csv"),
            folder,
            folder.resolve("gone"),
            Distance.COSINE,
            Pooling.MEAN);
    assertProblems(none, "set/gold.csv: has no column \"dataset\"", "gone: no such folder");
  }

  @Test
  void whatIsUndefinedDependsOnDistanceAndPooling() throws IOException {
    write("sub/synthetic/a.txt", "3 3\n5 5\n");
    write("sub/synthetic/b.txt", "-1 1\n1 -1\n");
    assertProblems(check(Distance.EUCLIDEAN, Pooling.MEAN));
    assertProblems(check(Distance.COSINE, Pooling.MAX));
    assertProblems(
        check(Distance.CORRELATION, Pooling.LAST),
        "sub/synthetic/a.txt: its vector (last pooling) is constant");
    assertProblems(
        check(Distance.COSINE, Pooling.MEAN),
        "sub/synthetic/b.txt: its vector (mean pooling) is zero");
    write("sub/synthetic/a.npy", "not an array");
    Files.delete(folder.resolve("sub/synthetic/a.txt"));
    assertProblems(
        check(Distance.EUCLIDEAN, Pooling.MEAN),
        "sub/synthetic: files of two kinds, of which the evaluators read one: {.npy=1, .txt=2}",
        "sub/synthetic/a.npy: not a valid .npy file");
  }

  @Test
  void aBrokenFileDoesNotHideTheOthers() throws IOException {
    write("sub/synthetic/a.txt", "x 1\n".repeat(50));
    Files.write(folder.resolve("sub/synthetic/b.txt"), new byte[] {0, 1, 2, 3});
    List<Problem> problems = check(Distance.COSINE, Pooling.MEAN).problems();
    assertEquals(22, problems.size(), problems.toString());
    assertTrue(problems.get(20).toString().contains("a.txt: 30 more problems in this file"));
    assertTrue(problems.get(21).file().endsWith("b.txt"));
  }

  private SubmissionCheck.Report check(Distance metric, Pooling pooling) {
    return SubmissionCheck.of(
        folder.resolve("set/gold.csv"),
        folder.resolve("set/pairs.csv"),
        folder.resolve("set"),
        folder.resolve("sub"),
        metric,
        pooling);
  }

  private void assertProblems(SubmissionCheck.Report report, String... expected) {
    List<String> told = report.problems().stream().map(Problem::toString).toList();
    assertEquals(expected.length, told.size(), () -> String.join("\n", told));
    for (int i = 0; i < expected.length; i++) {
      String text = told.get(i);
      assertTrue(text.startsWith(folder + "/" + expected[i]), text + "\nexpected " + expected[i]);
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
