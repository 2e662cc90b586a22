/// Settings: YAML and `--set key=value`, bound to records, with the place of every fault.
package org.duovox.config;
