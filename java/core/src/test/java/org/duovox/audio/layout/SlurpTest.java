package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.junit.jupiter.api.Test;

/// Tests the layout of SLURP: every recording of a sentence, with the slots in its annotation.
class SlurpTest extends LayoutTesting {
  private static String line(String annotation, String... files) {
    String recordings =
        List.of(files).stream()
            .map(
                "{\"file\": \"%s\", \"wer\": 0.0, \"ent_wer\": null, \"status\": \"correct\"}"
                    ::formatted)
            .collect(Collectors.joining(", "));
    return """
    {"slurp_id": 3296, "sentence": "a sentence", "sentence_annotation": "%s", "intent": "takeaway_query", "action": "query", "tokens": [{"surface": "a", "id": 0, "lemma": "a", "pos": "DT"}], "scenario": "takeaway", "recordings": [%s], "entities": []}
    """
        .formatted(annotation, recordings);
  }

  private void slurp() throws IOException {
    file(
        "dataset/slurp/train.jsonl",
        line(
            "the [food_type : chinese] [business_type : restaurant]",
            "audio-15-headset.flac",
            "audio-15.flac"));
    file("dataset/slurp/train_synthetic.jsonl", line("no slot", "audio-synth-1.flac"));
    file(
        "dataset/slurp/devel.jsonl",
        line("[currency_name : dollar] in [currency_name : japanese yen]", "audio-16.flac"));
    file("dataset/slurp/test.jsonl", line("no slot", "audio-17.flac"));
    file(
        "dataset/slurp/metadata.json",
        """
        {"3296": {"query": "x", "recordings": {"audio-15.flac": {"usrid": "FE-141", "native": "native"}}}}
        """);
    audio(
        "audio/slurp_real/audio-15-headset.flac",
        "audio/slurp_real/audio-15.flac",
        "audio/slurp_real/audio-16.flac",
        "audio/slurp_real/audio-17.flac",
        "audio/slurp_synth/audio-synth-1.flac");
  }

  @Test
  void slurpHasEveryRecordingOfASentence() throws IOException {
    slurp();
    Map<String, Utterance> found = read(DatasetLayout.SLURP);
    assertEquals(5, found.size());
    assertEquals(
        Map.of(
            "split", "train",
            "speaker", "FE-141",
            "text", "a sentence",
            "scenario", "takeaway",
            "action", "query",
            "intent", "takeaway_query",
            "slots", "{\"business_type\":\"restaurant\",\"food_type\":\"chinese\"}"),
        found.get("audio/slurp_real/audio-15").fields());
    assertEquals(
        "{\"currency_name\":[\"dollar\",\"japanese yen\"]}",
        found.get("audio/slurp_real/audio-16").fields().get("slots"));
    assertEquals("{}", found.get("audio/slurp_real/audio-17").fields().get("slots"));
    assertEquals(
        "train_synthetic", found.get("audio/slurp_synth/audio-synth-1").fields().get("split"));
  }

  @Test
  void slurpWithoutSyntheticSpeechIsReadWithAWarning() throws IOException {
    slurp();
    Files.delete(root.resolve("audio/slurp_synth/audio-synth-1.flac"));
    Files.delete(root.resolve("audio/slurp_synth"));
    assertEquals(4, readWarned(DatasetLayout.SLURP, "train_synthetic is left out").size());
  }

  @Test
  void whatIsWrongWithSlurpIsListed() throws IOException {
    slurp();
    file(
        "dataset/slurp/devel.jsonl",
        line("fine", "audio-16.flac")
            + "{\"sentence\": \n"
            + line("open [date tomorrow]", "audio-16.flac")
            + "{\"sentence\": \"x\", \"scenario\": \"a\", \"action\": \"b\", \"recordings\":"
            + " []}\n");
    refused(
        DatasetLayout.SLURP,
        Kind.BAD_DATA,
        "devel.jsonl:2:",
        "devel.jsonl:3: a bracket",
        "devel.jsonl:4: has no text \"intent\"");
  }
}
