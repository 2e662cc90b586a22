package org.duovox.audio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Builds WAV files byte by byte, damaged ones included.
public final class TestWav {

  int encoding = 1;
  int channels = 1;
  int rate = 16_000;
  int bits = 16;
  public Integer blockAlign;
  public Long dataSize;
  public boolean extensible;
  String guidTail = "000000001000800000aa00389b71"; // behind the encoding
  public byte[] before = {};
  public byte[] data = {};

  public static TestWav of(int encoding, int bits, int channels, int rate) {
    TestWav wav = new TestWav();
    wav.encoding = encoding;
    wav.bits = bits;
    wav.channels = channels;
    wav.rate = rate;
    return wav;
  }

  public TestWav pcm16(int... samples) {
    ByteBuffer buffer = little(2 * samples.length);
    for (int sample : samples) {
      buffer.putShort((short) sample);
    }
    data = buffer.array();
    return this;
  }

  TestWav floats(float... samples) {
    ByteBuffer buffer = little(4 * samples.length);
    buffer.asFloatBuffer().put(samples);
    data = buffer.array();
    return this;
  }

  public byte[] bytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int align = blockAlign == null ? channels * bits / 8 : blockAlign;
    ByteBuffer format = little(extensible ? 40 : 16);
    format
        .putShort((short) (extensible ? 0xFFFE : encoding))
        .putShort((short) channels)
        .putInt(rate);
    format.putInt(rate * align).putShort((short) align).putShort((short) bits);
    if (extensible) {
      format.putShort((short) 22).putShort((short) bits).putInt(0).putShort((short) encoding);
      format.put(HexFormat.of().parseHex(guidTail));
    }
    int size = 4 + before.length + 8 + format.capacity() + 8 + data.length;
    out.write(text("RIFF"));
    out.write(little(4).putInt(size).array());
    out.write(text("WAVE"));
    out.write(before);
    out.write(text("fmt "));
    out.write(little(4).putInt(format.capacity()).array());
    out.write(format.array());
    out.write(text("data"));
    out.write(little(4).putInt(dataSize == null ? data.length : dataSize.intValue()).array());
    out.write(data);
    return out.toByteArray();
  }

  /// The same as RIFX: all numbers of the header big-endian; the data stay as they are.
  public byte[] bigEndian() throws IOException {
    byte[] little = bytes();
    ByteBuffer from = ByteBuffer.wrap(little).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.wrap(little.clone()).order(ByteOrder.BIG_ENDIAN);
    to.put(0, text("RIFX"));
    for (int at : new int[] {4, 16, 24, 28, 40}) {
      to.putInt(at, from.getInt(at));
    }
    for (int at : new int[] {20, 22, 32, 34}) {
      to.putShort(at, from.getShort(at));
    }
    return to.array();
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
