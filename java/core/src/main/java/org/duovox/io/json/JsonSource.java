package org.duovox.io.json;

import tools.jackson.core.TokenStreamLocation;

/// Where JSON text comes from: what begins the message of an error.
///
/// @param where a file, or `file:line`
/// @param line whether it is `file:line`, of a file of one value per line
record JsonSource(String where, boolean line) {

  /// `file:line:column`, as far as the place is known.
  String at(TokenStreamLocation place) {
    if (place == null || place.getLineNr() <= 0) {
      return where;
    }
    return where + (line ? "" : ":" + place.getLineNr()) + ":" + place.getColumnNr();
  }
}
