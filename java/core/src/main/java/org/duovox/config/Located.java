package org.duovox.config;

import java.util.LinkedHashMap;
import java.util.List;

/// A YAML value that remembers where it stands, so that every complaint can name file, line and
/// column.
public sealed interface Located {
  /// `file:line:column`, or the option that gave the value.
  String where();

  /// What a user would call this kind of value.
  String kind();

  /// Keys in the order of the file.
  public record Mapping(LinkedHashMap<String, Entry> entries, String where) implements Located {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /// One key of a mapping with its own place.
  record Entry(String where, Located value) {}

  /// A list.
  record Sequence(List<Located> items, String where) implements Located {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /// A plain value: its text and whether YAML reads it as a string, number, boolean or null.
  record Scalar(String text, Type type, String where) implements Located {
    /// YAML 1.2 core types.
    enum Type {
      STRING,
      INTEGER,
      DECIMAL,
      BOOLEAN,
      NULL
    }

    @Override
    public String kind() {
      return switch (type) {
        case STRING -> "the text '" + text + "'";
        case INTEGER, DECIMAL -> "the number " + text;
        case BOOLEAN -> text;
        case NULL -> "nothing";
      };
    }
  }
}
