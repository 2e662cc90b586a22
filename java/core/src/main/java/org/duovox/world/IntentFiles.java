package org.duovox.world;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.duovox.world.IntentSet.Item;
import org.duovox.world.IntentSet.Speaker;

/// Writes the tables of an intent set in the layout of Fluent Speech Commands.
final class IntentFiles {
  private IntentFiles() {}

  static void write(Path folder, IntentSet intents) {
    for (String split : IntentSet.SPLITS) {
      Path file = folder.resolve("data").resolve(split + "_data.csv");
      SemanticFiles.write(
          file,
          writer -> {
            writer.write(",path,speakerId,transcription,action,object,location\n");
            int row = 0;
            for (Item item : intents.items(split)) {
              writer.write(row++ + "," + cells(item) + "\n");
            }
          });
    }
    SemanticFiles.write(
        folder.resolve("data").resolve("speakers.csv"),
        writer -> {
          writer.write("speakerId,voice,language,rate,pitch,split\n");
          for (Speaker speaker : intents.speakers()) {
            writer.write(cells(speaker) + "\n");
          }
        });
  }

  private static String cells(Item item) {
    return String.join(
        ",",
        item.path(),
        item.speaker().id(),
        SemanticFiles.quoted(item.sentence().text()),
        item.intent().action(),
        item.intent().object(),
        item.intent().location());
  }

  private static String cells(Speaker speaker) {
    return String.join(
        ",",
        List.of(
            speaker.id(),
            SemanticFiles.quoted(speaker.voice().label()),
            speaker.voice().language(),
            String.format(Locale.ROOT, "%.4f", speaker.rate()),
            String.format(Locale.ROOT, "%.4f", speaker.pitch()),
            speaker.split()));
  }
}
