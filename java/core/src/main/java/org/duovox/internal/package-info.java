/// The native library from Java: the one room that touches foreign memory and the bindings.
package org.duovox.internal;
