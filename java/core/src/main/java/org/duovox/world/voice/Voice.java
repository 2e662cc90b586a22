package org.duovox.world.voice;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;

/// A voice of a text-to-speech program, written `program:name` or `program:name@language`.
///
/// @param program what speaks
/// @param name as the program calls the voice
/// @param language code of two or three letters
public record Voice(Program program, String name, String language) {
  private static final Pattern FORM =
      Pattern.compile("([a-z-]+):([^@\\s\\p{Cntrl}]+)(?:@([a-z]{2,3}))?");
  private static final Pattern LEADING = Pattern.compile("([a-z]{2,3})(?:[-+_].*)?");

  /// The programs that voices belong to.
  public enum Program {
    FLITE,
    ESPEAK_NG,
    COMMAND;

    /// Returns the name as it stands in front of a voice.
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Parses `flite:slt`, `espeak-ng:de`, `command:anna@en`. Voices of flite speak English and those
  /// of espeak-ng the language that their name begins with, unless a language is given.
  ///
  /// @throws DuovoxException (BAD_CONFIG) that says how a voice is written
  public static Voice parse(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      for (Program program : Program.values()) {
        if (program.label().equals(form.group(1))) {
          return new Voice(program, form.group(2), language(program, form));
        }
      }
    }
    throw DuovoxException.config(
        "'%s' is no voice; write flite:NAME, espeak-ng:NAME or command:NAME@LANGUAGE, such as flite:slt, espeak-ng:de or command:anna@en"
            .formatted(text));
  }

  private static String language(Program program, Matcher form) {
    if (form.group(3) != null) {
      return form.group(3);
    }
    Matcher leading = LEADING.matcher(form.group(2));
    if (program == Program.ESPEAK_NG && leading.matches()) {
      return leading.group(1);
    }
    if (program == Program.FLITE) {
      return "en";
    }
    throw DuovoxException.config(
        "'%s' does not say which language it speaks; write %s@en or another code behind it"
            .formatted(form.group(), form.group()));
  }

  /// Returns the voice as it is written.
  public String label() {
    return program.label() + ":" + name;
  }

  /// Returns a name for files: letters, digits and hyphens.
  public String slug() {
    return label().replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
