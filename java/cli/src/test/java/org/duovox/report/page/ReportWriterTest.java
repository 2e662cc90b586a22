package org.duovox.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// The page as a whole: well-formed, self-contained, harmless.
class ReportWriterTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onload='alert(1)",
        "</style><b>&amp;",
        "]]><!--",
        "a\u0000b\u001b\u202Ec",
        "lone \uD800 surrogate, whole \uD83D\uDE00",
      })
  void textIsTextWhereverItStands(String text) {
    Document page = Reports.parse(Reports.full(text));
    assertEquals(0, page.getElementsByTagName("script").getLength());
    assertEquals(0, page.getElementsByTagName("img").getLength());
    assertEquals(0, page.getElementsByTagName("b").getLength());
    for (Element element : Reports.elements(page, "*", null)) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertFalse(element.getAttributes().item(i).getNodeName().startsWith("on"));
      }
    }
  }

  @Test
  void keepsHarmlessTextUnchanged() {
    String text = "7_jackson <32> & \"quoted\" \uD83D\uDE00 \u00FC";
    Document page = Reports.parse(Reports.full(text));
    assertEquals(text, page.getElementsByTagName("h1").item(0).getTextContent());
    assertEquals(text, page.getElementsByTagName("bdi").item(0).getTextContent());
  }

  @Test
  void loadsNothingFromElsewhere() {
    String html = ReportWriter.html(Reports.full("plain"));
    for (String forbidden : List.of("http:", "https:", "//", "url(", "@import", "src=", "<link")) {
      assertFalse(html.contains(forbidden), forbidden);
    }
    assertTrue(html.contains("default-src &#39;none&#39;"));
  }

  @Test
  void isLightAndDark() {
    String html = ReportWriter.html(Reports.empty());
    assertTrue(html.contains("@media (prefers-color-scheme: dark)"));
    assertTrue(html.contains("content=\"light dark\""));
    assertFalse(html.matches("(?s).*(fill|stroke)=\"#.*"), "colors belong into the style sheet");
  }

  @Test
  void leavesEmptySectionsOut() {
    Document page = Reports.parse(Reports.empty());
    assertEquals(0, page.getElementsByTagName("section").getLength());
    assertEquals(0, page.getElementsByTagName("nav").getLength());
    Document full = Reports.parse(Reports.full("x"));
    assertEquals(11, full.getElementsByTagName("section").getLength());
    assertEquals(11, full.getElementsByTagName("a").getLength());
  }

  @Test
  void everyPictureHasATitleAndADescription() {
    for (Element picture : Reports.elements(Reports.parse(Reports.full("x")), "svg", null)) {
      assertEquals("img", picture.getAttribute("role"));
      assertEquals("title", picture.getFirstChild().getNodeName());
      assertEquals("desc", picture.getFirstChild().getNextSibling().getNodeName());
      assertFalse(picture.getFirstChild().getNextSibling().getTextContent().isBlank());
    }
  }

  @Test
  void headersOfTablesHaveAScope() {
    for (Element header : Reports.elements(Reports.parse(Reports.full("x")), "th", null)) {
      assertFalse(header.getAttribute("scope").isEmpty());
    }
  }

  @Test
  void repeatsByteForByte() {
    assertEquals(ReportWriter.html(Reports.full("x")), ReportWriter.html(Reports.full("x")));
  }

  @Test
  void writesTheFileWhole(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("new/report.html");
    ReportWriter.write(Reports.full("x"), file);
    assertEquals(ReportWriter.html(Reports.full("x")), Files.readString(file));
    assertThrows(DuovoxException.class, () -> ReportWriter.write(Reports.empty(), folder));
  }
}
