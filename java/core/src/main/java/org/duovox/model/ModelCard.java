package org.duovox.model;

import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.io.Present;
import org.duovox.units.StreamInfo;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;

/// The `config.json` beside a model's tensors: its shape, and the units that it reads.
///
/// @param format "duovox-model"
/// @param version 1
/// @param duovox version of the program that wrote it
/// @param model the shape
/// @param contextual the contextual stream, or the only one; null when the model was made without a
///   corpus
/// @param phonetic the phonetic stream; null for a single stream
/// @param labels names of the classes, in order; empty without a classification head
/// @param origin the checkpoint that the model was converted from; null for a model trained here
public record ModelCard(
    String format,
    int version,
    String duovox,
    ModelConfig model,
    Stream contextual,
    Stream phonetic,
    List<String> labels,
    Origin origin) {
  static final String FORMAT = "duovox-model";

  /// The units of a stream.
  ///
  /// @param features the origin of the features that were quantized
  /// @param codebookSha256 of the codebook; "" for units without one
  public record Stream(StreamInfo features, String codebookSha256) {
    public Stream {
      Present.require("features", features, "codebook_sha256", codebookSha256);
    }

    static Stream of(CorpusStream stream) {
      return new Stream(stream.features(), stream.codebookSha256());
    }
  }

  /// A checkpoint of another program.
  ///
  /// @param layout its kind, e.g. [PrototypeTensors#LAYOUT]
  /// @param file its name
  /// @param sha256 of the file
  public record Origin(String layout, String file, String sha256) {}

  public ModelCard {
    labels = labels == null ? List.of() : List.copyOf(labels);
    if (model == null) {
      throw DuovoxException.badData("the key \"model\" is missing");
    }
    if (!labels.isEmpty() && labels.size() != model.classes()) {
      throw DuovoxException.badData(
          "there are %d labels for %d classes".formatted(labels.size(), model.classes()));
    }
  }

  /// Makes the card of a model of this shape that reads the units of a corpus.
  ///
  /// @param view the corpus as the model reads it
  /// @param labels names of the classes; empty without a classification head
  public static ModelCard of(ModelConfig model, Corpus view, List<String> labels) {
    return new ModelCard(
        FORMAT,
        1,
        Versions.DUOVOX,
        model,
        Stream.of(view.contextual()),
        view.phonetic().map(Stream::of).orElse(null),
        labels,
        null);
  }

  /// Makes the card of a converted model; only the number of its units is known.
  public static ModelCard converted(ModelConfig model, Origin origin) {
    return new ModelCard(FORMAT, 1, Versions.DUOVOX, model, null, null, List.of(), origin);
  }

  /// Whether it was converted from the first author's prototype. Its tensors then have names of the
  /// prototype too ([PrototypeTensors]).
  public boolean fromPrototype() {
    return origin != null && PrototypeTensors.LAYOUT.equals(origin.layout());
  }

  /// Returns a card of the same units with another shape and labels.
  public ModelCard with(ModelConfig newModel, List<String> newLabels) {
    return new ModelCard(
        FORMAT, 1, Versions.DUOVOX, newModel, contextual, phonetic, newLabels, origin);
  }

  /// Returns the corpus as the model reads it.
  ///
  /// @throws DuovoxException (BAD_DATA) when its units are not those that the model was trained on
  public Corpus view(Corpus corpus) {
    Corpus view = model.view(corpus);
    if (model.bothStreams() && view.phonetic().isEmpty()) {
      throw DuovoxException.badData("the model reads two streams, the corpus has one");
    }
    require("contextual", contextual, model.contextualCodes(), view.contextual());
    view.phonetic()
        .ifPresent(stream -> require("phonetic", phonetic, model.phoneticCodes(), stream));
    return view;
  }

  private static void require(String name, Stream trained, int codes, CorpusStream stream) {
    if (trained != null && !trained.codebookSha256().equals(stream.codebookSha256())) {
      throw DuovoxException.badData(
          ("the model was trained on %s units of the codebook %s, the corpus has those of %s;"
                  + " use units of the model's codebook")
              .formatted(name, sum(trained.codebookSha256()), sum(stream.codebookSha256())));
    }
    if (codes != stream.vocabulary()) {
      throw DuovoxException.badData(
          "the model has %d %s codes, the corpus has %d; use units of the model's codebook"
              .formatted(codes, name, stream.vocabulary()));
    }
  }

  private static String sum(String sha256) {
    return sha256.isEmpty() ? "(none: imported units)" : sha256;
  }
}
