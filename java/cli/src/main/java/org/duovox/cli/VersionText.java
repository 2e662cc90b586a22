package org.duovox.cli;

import org.duovox.Versions;
import picocli.CommandLine.IVersionProvider;

/// Text of `--version`.
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {Versions.describe()};
  }
}
