package org.duovox.io.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.io.json.JsonFailure;
import org.duovox.io.json.JsonLosses;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// A checked safetensors header: its metadata, and its tensors in the order of their data.
record SafetensorsHeader(Map<String, String> metadata, List<TensorInfo> tensors) {
  static final String METADATA = "__metadata__";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNameLength(Safetensors.MAX_NAME_BYTES)
                  .maxNumberLength(20)
                  .build())
          .build();

  /// Parses and checks a header.
  ///
  /// @param bytes the JSON text, without the length before it
  /// @param dataSize bytes that follow the header in the file
  /// @param where the file, for messages
  static SafetensorsHeader parse(byte[] bytes, long dataSize, String where) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), decode(bytes, where))) {
      SafetensorsHeader header = new Reader(parser, where).header();
      List<TensorInfo> sorted = new ArrayList<>(header.tensors);
      sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
      requireContiguous(sorted, dataSize, where);
      return new SafetensorsHeader(header.metadata, List.copyOf(sorted));
    } catch (JacksonException e) {
      String at = e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset();
      throw DuovoxException.badData(
          where + ": the safetensors header is not valid" + at + ": " + JsonFailure.describe(e), e);
    }
  }

  /// Returns the bytes of a file before its data: the length of the header and its JSON, padded so
  /// that the tensors are aligned.
  ///
  /// @param order the tensors in the order of their data, whatever the offsets they carry
  static byte[] encode(List<TensorInfo> order, Map<String, String> metadata, Path target) {
    byte[] json = Json.line(entries(order, metadata)).getBytes(StandardCharsets.UTF_8);
    int length = (json.length + 7) / 8 * 8;
    if (length > Safetensors.MAX_HEADER) {
      throw DuovoxException.cannotCreate(
          "cannot create "
              + target
              + ": its safetensors header would exceed 100000000 bytes;"
              + " write several files",
          null);
    }
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(length).put(json);
    Arrays.fill(header.array(), header.position(), header.limit(), (byte) ' ');
    return header.array();
  }

  private static Map<String, Object> entries(List<TensorInfo> order, Map<String, String> metadata) {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      root.put(METADATA, metadata);
    }
    long at = 0;
    for (TensorInfo tensor : order) {
      long end = at + tensor.end() - tensor.begin();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.dtype().name());
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", new long[] {at, end});
      root.put(tensor.name(), entry);
      at = end;
    }
    return root;
  }

  /// Begins and ends must tile the data: no hole, no overlap, nothing after the last tensor.
  private static void requireContiguous(List<TensorInfo> sorted, long dataSize, String where) {
    long expected = 0;
    for (TensorInfo tensor : sorted) {
      if (tensor.begin() != expected) {
        throw bad(
            where,
            "tensor \""
                + tensor.name()
                + "\" begins at byte "
                + tensor.begin()
                + " where "
                + expected
                + " was expected (a hole or an overlap)");
      }
      expected = tensor.end();
    }
    if (expected != dataSize) {
      throw bad(
          where,
          "the header describes "
              + expected
              + " bytes of data, the file holds "
              + dataSize
              + (expected > dataSize
                  ? " (it is truncated)"
                  : " (something follows the last tensor)"));
    }
  }

  private static String decode(byte[] bytes, String where) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw DuovoxException.badData(where + ": the safetensors header is not UTF-8", e);
    }
  }

  private static DuovoxException bad(String where, String what) {
    return DuovoxException.badData(where + ": not a valid safetensors file: " + what);
  }

  /// Walks the tokens of one header.
  private record Reader(JsonParser parser, String where) {

    SafetensorsHeader header() {
      Map<String, String> metadata = Map.of();
      List<TensorInfo> tensors = new ArrayList<>();
      require(parser.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = name();
        if (name.equals(METADATA)) {
          metadata = metadata();
        } else {
          require(tensors.size() < Safetensors.MAX_TENSORS, "more than 1,000,000 tensors");
          tensors.add(tensor(name));
        }
      }
      require(parser.nextToken() == null, "text after the header's JSON object");
      return new SafetensorsHeader(metadata, tensors);
    }

    private String name() {
      String name = parser.currentName();
      require(JsonLosses.isText(name), "a name with half a surrogate pair");
      int length = name.getBytes(StandardCharsets.UTF_8).length;
      require(
          length <= Safetensors.MAX_NAME_BYTES, "a name of " + length + " bytes; 4096 are allowed");
      return name;
    }

    private Map<String, String> metadata() {
      require(parser.nextToken() == JsonToken.START_OBJECT, METADATA + " is not an object");
      Map<String, String> map = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        require(
            parser.nextToken() == JsonToken.VALUE_STRING,
            METADATA + " value of \"" + key + "\" is not a string");
        require(
            JsonLosses.isText(key + parser.getString()), METADATA + " with half a surrogate pair");
        map.put(key, parser.getString());
      }
      return Collections.unmodifiableMap(map);
    }

    private TensorInfo tensor(String name) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "\"" + name + "\" is not an object");
      DType dtype = null;
      long[] shape = null;
      long[] offsets = null;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        switch (key) {
          case "dtype" -> dtype = dtype(name);
          case "shape" -> shape = sizes(name, key, Safetensors.MAX_RANK);
          case "data_offsets" -> offsets = sizes(name, key, 2);
          default -> require(false, "\"" + name + "\" has the unknown key \"" + key + "\"");
        }
      }
      require(
          dtype != null && shape != null && offsets != null && offsets.length == 2,
          "\"" + name + "\" needs dtype, shape and two data_offsets");
      requireSize(name, dtype, shape, offsets);
      return new TensorInfo(name, dtype, shape, offsets[0], offsets[1]);
    }

    private DType dtype(String name) {
      require(
          parser.nextToken() == JsonToken.VALUE_STRING, "dtype of \"" + name + "\" is no string");
      String text = parser.getString();
      for (DType dtype : DType.values()) {
        if (dtype.name().equals(text)) {
          return dtype;
        }
      }
      throw bad(where, "\"" + name + "\" has the unknown dtype \"" + text + "\"");
    }

    private long[] sizes(String name, String key, int limit) {
      require(
          parser.nextToken() == JsonToken.START_ARRAY, key + " of \"" + name + "\" is no array");
      long[] sizes = new long[limit];
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        require(count < limit, key + " of \"" + name + "\" has more than " + limit + " entries");
        sizes[count++] = size(name, key);
      }
      return Arrays.copyOf(sizes, count);
    }

    private long size(String name, String key) {
      String text = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getString() : "";
      try {
        require(!text.startsWith("-"), key + " of \"" + name + "\" has a negative entry");
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw bad(
            where, key + " of \"" + name + "\" has an entry that is no whole number below 2^63");
      }
    }

    private void requireSize(String name, DType dtype, long[] shape, long[] offsets) {
      long bits = dtype.bits();
      try {
        for (long size : shape) {
          bits = Math.multiplyExact(bits, size);
        }
      } catch (ArithmeticException e) {
        throw bad(where, "the shape of \"" + name + "\" overflows");
      }
      require(bits % 8 == 0, "\"" + name + "\" does not fill whole bytes");
      require(
          offsets[0] <= offsets[1] && offsets[1] - offsets[0] == bits / 8,
          "\""
              + name
              + "\" needs "
              + bits / 8
              + " bytes, its data_offsets are "
              + offsets[0]
              + " and "
              + offsets[1]);
    }

    private void require(boolean condition, String what) {
      if (!condition) {
        throw bad(where, what);
      }
    }
  }
}
