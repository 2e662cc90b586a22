package org.duovox.cli.console;

import org.duovox.Versions;
import picocli.CommandLine.IVersionProvider;

/// Text of `--version`.
public final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {Versions.describe()};
  }
}
