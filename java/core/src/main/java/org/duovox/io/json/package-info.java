/// JSON by Jackson, strictly: unknown, missing and duplicate keys are refused with file, line and
/// column.
package org.duovox.io.json;
