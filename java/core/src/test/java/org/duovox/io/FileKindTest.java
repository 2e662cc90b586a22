package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.convert.ConvertRequest;
import org.duovox.convert.Converter;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.NpyFile;
import org.duovox.io.tensors.Safetensors;
import org.duovox.speech.onnx.OnnxListing;
import org.duovox.testing.NamedPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are plainly something else, under the name of every kind of file that is read.
class FileKindTest {
  private static final String POINTER =
      "version https://git-lfs.github.com/spec/v1\n"
          + "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
          + "size 379000000\n";

  @TempDir private Path folder;

  private interface Reader {
    void read(Path file);
  }

  /// What each kind of content is told to be, in part.
  private static Map<String, String> wrong() {
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put(POINTER, "git lfs pull");
    wrong.put("/annex/objects/SHA256E-s12--ab.pt\n", "git annex get");
    wrong.put("\n<!DOCTYPE html>\n<html><head>", "web page");
    wrong.put("<html lang=\"en\">", "web page");
    wrong.put("\u0089HDF\r\n\u001a\n and more", "HDF5");
    wrong.put("GGUF\3\0\0\0 and more of it", "GGUF");
    wrong.put("7z\u00bc\u00af'\u001c and more", "7z");
    wrong.put("Rar!\u001a\u0007\0 and more", "RAR");
    wrong.put("(\u00b5/\u00fd and more of it", "unzstd");
    wrong.put("%PDF-1.7 and more of it", "PDF");
    return wrong;
  }

  private Map<String, Reader> readers() {
    Map<String, Reader> readers = new LinkedHashMap<>();
    readers.put("model.safetensors", file -> Safetensors.open(file).close());
    readers.put("codes.npy", file -> NpyFile.open(file).close());
    readers.put("model.onnx", OnnxListing::of);
    readers.put("a.wav", file -> AudioLoader.standard().load(file));
    readers.put("train.km", file -> TextLines.open(file, TextLines.End.EXPECTED).close());
    readers.put("config.json", Json::tree);
    readers.put("gold.csv", Csv::read);
    for (String name : List.of("a.pt", "pytorch_model.bin", "km.joblib")) {
      readers.put(
          name,
          file ->
              Converter.convert(
                  new ConvertRequest(
                      file,
                      folder.resolve("out"),
                      false,
                      ConvertRequest.MAX_BYTES,
                      Optional.empty(),
                      OptionalInt.empty())));
    }
    return readers;
  }

  /// A header of 1,408 bytes begins like a pickle of protocol 5.
  @Test
  void aHeaderWhoseLengthBeginsLikeAPickleIsAHeader() {
    byte[] header = {(byte) 0x80, 5, 0, 0, 0, 0, 0, 0, '{', '"', 'a'};
    assertEquals(FileKind.SAFETENSORS, FileKind.of(header));
    byte[] pickle = {(byte) 0x80, 5, (byte) 0x95, 16, 0, 0, 0, 0, 0, 0, 0, '}'};
    assertEquals(FileKind.PICKLE, FileKind.of(pickle));
  }

  @Test
  void everyReaderSaysWhatTheFileIs() throws IOException {
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      for (Map.Entry<String, String> content : wrong().entrySet()) {
        Path file = write(reader.getKey(), content.getKey());
        assertFails(
            Kind.BAD_DATA, () -> reader.getValue().read(file), file.toString(), content.getValue());
      }
    }
    assertTrue(Files.notExists(folder.resolve("out")));
  }

  @Test
  void aPointerTellsTheSizeOfTheFile() throws IOException {
    Path file = write("model.safetensors", POINTER);
    assertFails(
        Kind.BAD_DATA,
        () -> Safetensors.open(file),
        "is no safetensors file but a pointer of Git LFS, which stands for the file (of 379000000"
            + " bytes): run 'git lfs pull'");
  }

  @Test
  void oneFormatInThePlaceOfAnother() throws IOException {
    Path pickle = write("model.safetensors", "\u0080\2}q\0. and more of it");
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(pickle), "duovox convert");
    Path zip = write("codes.npy", "PK\3\4 and more of it");
    assertFails(Kind.BAD_DATA, () -> NpyFile.open(zip), "a zip archive");
    Path gzip = write("train.tsv", "\u001f\u008b\b\0 and more of it");
    assertFails(
        Kind.BAD_DATA, () -> TextLines.open(gzip, TextLines.End.EXPECTED), "compressed with gzip");
    Path error = write("other.safetensors", "{\"error\": \"Invalid credentials\"}");
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(error), "JSON", "fetch the file again");
  }

  @Test
  void aLinkIntoAnAnnexWithoutContent() throws IOException {
    Path link =
        Files.createSymbolicLink(
            folder.resolve("a.safetensors"), Path.of(".git/annex/objects/xx/SHA256E-s1--ab"));
    assertFails(Kind.MISSING_INPUT, () -> Safetensors.open(link), "git annex get");
  }

  @Test
  void whatIsExpectedIsLeftAlone() {
    assertEquals(FileKind.UNKNOWN, FileKind.of(new byte[0]));
    assertEquals(FileKind.UNKNOWN, FileKind.of("a.wav\t16000".getBytes(StandardCharsets.UTF_8)));
    assertEquals(FileKind.UNKNOWN, FileKind.of("{'not': JSON".getBytes(StandardCharsets.UTF_8)));
    assertEquals(FileKind.JSON, FileKind.of("{ \"a\": 1}".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        FileKind.SAFETENSORS,
        FileKind.of("\u0020\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.UTF_8)));
  }

  private Path write(String name, String latin) throws IOException {
    return Files.write(folder.resolve(name), latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// A pipe gives its content once, and to open one waits for its other end.
  @Test
  void pipesAreRefusedUnopened() throws Exception {
    Path pipe = NamedPipe.make(folder.resolve("pipe.json"));
    assertEquals(FileKind.UNKNOWN, FileKind.of(pipe));
    assertFails(Kind.BAD_DATA, () -> TextInput.read(pipe), "pipe.json", "to a file first");
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(pipe), "pipe.json", "to a file first");
    assertFails(Kind.BAD_DATA, () -> NpyFile.open(pipe), "pipe.json", "to a file first");
  }
}
