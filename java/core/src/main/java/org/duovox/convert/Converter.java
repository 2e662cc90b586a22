package org.duovox.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.layout.Converted;
import org.duovox.convert.layout.CpcLayout;
import org.duovox.convert.layout.FairseqLayout;
import org.duovox.convert.layout.GenericLayout;
import org.duovox.convert.layout.HuggingFaceLayout;
import org.duovox.convert.layout.KMeansLayout;
import org.duovox.convert.layout.Layout;
import org.duovox.convert.layout.PrototypeLayout;
import org.duovox.convert.layout.ResDavenetLayout;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.Hashes;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;

/// Published checkpoints into folders of safetensors and JSON.
///
/// The only code of Duovox that reads pickle, and it executes nothing: see [Unpickler]. A file that
/// asks for more than the known classes, that is damaged, or whose weights are not finite is
/// refused with [DuovoxException.Kind#BAD_DATA]; the target then stays as it was.
public final class Converter {
  private static final List<Layout> LAYOUTS =
      List.of(
          new KMeansLayout(),
          new CpcLayout(),
          new ResDavenetLayout(),
          new FairseqLayout(),
          new HuggingFaceLayout());

  /// The files that a folder is searched for, in this order.
  private static final List<String> FILES_OF_FOLDERS =
      List.of(
          HuggingFaceLayout.INDEX,
          HuggingFaceLayout.WHOLE,
          "models/best_audio_model.pth",
          "best_audio_model.pth",
          "checkpoint.pt",
          "km.bin",
          "weights.safetensors",
          "model.safetensors");

  private static final int TENSORS_SHOWN = 8;

  private Converter() {}

  /// Converts one checkpoint.
  public static Conversion convert(ConvertRequest request) {
    Path source = find(request.source());
    try (PendingDirectory output = AtomicFiles.createDirectory(request.target());
        Scratch scratch = Scratch.beside(request.target())) {
      List<Path> files = isIndex(source) ? HuggingFaceLayout.shards(source) : List.of(source);
      List<CheckpointFile> opened = new ArrayList<>();
      try {
        for (Path file : files) {
          opened.add(CheckpointFile.open(file, scratch.path(), request.maxBytes()));
        }
        return write(request, source, opened, output);
      } catch (Malformed e) {
        throw DuovoxException.badData(source + ": " + e.getMessage(), e);
      } finally {
        opened.forEach(CheckpointFile::close);
      }
    }
  }

  /// Finds the checkpoint that a user names, by itself or by its folder.
  private static Path find(Path source) {
    if (Files.isRegularFile(source)) {
      return source;
    }
    if (!Files.exists(source)) {
      throw DuovoxException.missing("no such file or folder: " + source);
    }
    return FILES_OF_FOLDERS.stream()
        .map(source::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() ->
            DuovoxException.missing(
                "%s holds none of %s; name the checkpoint itself"
                    .formatted(source, String.join(", ", FILES_OF_FOLDERS))));
  }

  private static boolean isIndex(Path source) {
    return String.valueOf(source.getFileName()).endsWith(".index.json");
  }

  private static Conversion write(
      ConvertRequest request, Path source, List<CheckpointFile> files, PendingDirectory output) {
    Converted converted =
        isIndex(source)
            ? HuggingFaceLayout.join(files, source)
            : recognize(files.getFirst(), request);
    List<Conversion.Source> sources = new ArrayList<>();
    for (CheckpointFile file : files) {
      sources.add(
          new Conversion.Source(
              String.valueOf(file.file().getFileName()), Hashes.sha256(file.file())));
    }
    ConvertedWriter writer = new ConvertedWriter(request, output.path(), source);
    Conversion conversion = writer.write(converted, files.getFirst().form(), sources);
    output.commit();
    return conversion;
  }

  private static Converted recognize(CheckpointFile file, ConvertRequest request) {
    PrototypeLayout prototype = new PrototypeLayout(request.heads());
    if (file.isSafetensors()) {
      return prototype
          .read(file)
          .orElseThrow(() ->
              DuovoxException.badData(
                  file.file()
                      + ": is safetensors already; put it beside its config.json and name the"
                      + " folder"));
    }
    for (Layout layout : LAYOUTS) {
      Optional<Converted> converted = layout.read(file);
      if (converted.isPresent()) {
        return converted.get();
      }
    }
    Optional<Converted> model = prototype.read(file);
    if (model.isPresent()) {
      return model.get();
    }
    Optional<Converted> any = new GenericLayout().read(file);
    if (any.isPresent() && request.generic()) {
      return any.get();
    }
    throw new Malformed(unknownLayout(file.root(), any));
  }

  /// Returns what is wrong with a checkpoint that no layout knows.
  ///
  /// @param tensors the same as a generic state dictionary, where it holds tensors
  private static String unknownLayout(Object root, Optional<Converted> tensors) {
    String known =
        "known are CPC, ResDAVEnet-VQ, HuBERT, wav2vec 2.0, data2vec-audio and WavLM of fairseq or s3prl,"
            + " pytorch_model.bin of Hugging Face, the dual-channel prototype WPBERT, and k-means of"
            + " scikit-learn or CPC_audio";
    if (tensors.isEmpty()) {
      return "holds %s and no tensors; %s".formatted(kind(root), known);
    }
    String names =
        tensors.get().tensors().tensors().entrySet().stream()
            .limit(TENSORS_SHOWN)
            .map(entry -> entry.getKey() + " " + entry.getValue().describe())
            .collect(Collectors.joining(", "));
    return "holds %d tensors of no known layout, first %s; %s. With --generic they are written as they are"
        .formatted(tensors.get().tensors().tensors().size(), names, known);
  }

  private static String kind(Object root) {
    return switch (root) {
      case InertObject inert -> "an object of " + inert.className();
      case Dict dict -> "a dictionary of %d keys".formatted(dict.size());
      case null, default -> "no dictionary";
    };
  }

  /// A folder for unpacked files beside the target, removed at the end.
  private record Scratch(Path path) implements AutoCloseable {
    static Scratch beside(Path target) {
      Path path = AtomicFiles.temporarySibling(target.toAbsolutePath().normalize());
      try {
        return new Scratch(Files.createDirectories(path));
      } catch (IOException e) {
        AtomicFiles.discard(path);
        throw DuovoxException.cannotCreate("cannot create a folder beside " + target, e);
      }
    }

    @Override
    public void close() {
      AtomicFiles.discard(path);
    }
  }
}
