/// Every encoder by its name; those of filters and cosines.
package org.duovox.speech.encoders;
