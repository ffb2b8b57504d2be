package io.tidemark.gateway.security.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * An authority that issues certificates for tests: ECDSA on P-256, written out in DER (X.509 v3)
 * since the JDK only reads them.
 */
public final class TestAuthority {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";

  private final String name;
  private final KeyPair keys;
  private final Certificate certificate;
  private int issued = 1;

  private TestAuthority(String name) throws GeneralSecurityException, IOException {
    this.name = name;
    this.keys = newKeys();
    Instant now = Instant.now();
    this.certificate =
        certificate(
            name,
            keys.getPublic(),
            true,
            List.of(),
            now.minus(1, ChronoUnit.DAYS),
            now.plus(30, ChronoUnit.DAYS));
  }

  public static TestAuthority named(String name) throws GeneralSecurityException, IOException {
    return new TestAuthority(name);
  }

  /** A key, its certificate and who vouches for it. */
  public record Issued(PrivateKey key, Certificate certificate, Certificate authority) {

    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    public String chainPem() throws GeneralSecurityException {
      return pem("CERTIFICATE", certificate.getEncoded())
          + pem("CERTIFICATE", authority.getEncoded());
    }

    /** Key and chain in one PEM file, as Kafka reads them; replaces a file that is there. */
    public Path writePem(Path file) throws GeneralSecurityException, IOException {
      return Files.writeString(file, keyPem() + chainPem());
    }

    /** The same as a keystore of the JDK's. */
    public Path writeStore(Path file, String type, String password)
        throws GeneralSecurityException, IOException {
      KeyStore store = KeyStore.getInstance(type);
      store.load(null, null);
      Certificate[] chain = {certificate, authority};
      store.setKeyEntry("node", key, password.toCharArray(), chain);
      try (var out = Files.newOutputStream(file)) {
        store.store(out, password.toCharArray());
      }
      return file;
    }
  }

  /** Issues a certificate that holds now, for some hosts and addresses. */
  public Issued issue(String commonName, String... hosts)
      throws GeneralSecurityException, IOException {
    Instant now = Instant.now();
    return issue(commonName, now.minus(1, ChronoUnit.DAYS), now.plus(7, ChronoUnit.DAYS), hosts);
  }

  public Issued issue(String commonName, Instant from, Instant until, String... hosts)
      throws GeneralSecurityException, IOException {
    KeyPair own = newKeys();
    return new Issued(
        own.getPrivate(),
        certificate(commonName, own.getPublic(), false, List.of(hosts), from, until),
        certificate);
  }

  /** A list of what this authority has revoked, current until some moment, as PEM. */
  public String revocations(Instant until, Issued... revoked) throws GeneralSecurityException {
    byte[] algorithm = sequence(oid(ECDSA_WITH_SHA256));
    Instant now = Instant.now().minus(1, ChronoUnit.HOURS);
    List<byte[]> parts =
        new ArrayList<>(List.of(integer(1), algorithm, name(name), time(now), time(until)));
    if (revoked.length > 0) {
      List<byte[]> entries = new ArrayList<>();
      for (Issued one : revoked) {
        byte[] serial = ((X509Certificate) one.certificate).getSerialNumber().toByteArray();
        entries.add(sequence(tagged(0x02, serial), time(now)));
      }
      parts.add(sequence(entries.toArray(byte[][]::new)));
    }
    byte[] body = sequence(parts.toArray(byte[][]::new));
    return pem("X509 CRL", sequence(body, algorithm, bits(signed(body))));
  }

  private byte[] signed(byte[] body) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    return signature.sign();
  }

  public String pem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  public Path writePem(Path file) throws GeneralSecurityException, IOException {
    return Files.writeString(file, pem());
  }

  /** A truststore of the JDK's. */
  public Path writeStore(Path file, String type, String password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setCertificateEntry("authority", certificate);
    try (var out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String pem(String kind, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  private Certificate certificate(
      String subject,
      PublicKey key,
      boolean isAuthority,
      List<String> hosts,
      Instant from,
      Instant until)
      throws GeneralSecurityException, IOException {
    byte[] algorithm = sequence(oid(ECDSA_WITH_SHA256));
    byte[] body =
        sequence(
            tagged(0xA0, integer(2)),
            integer(issued++),
            algorithm,
            name(name),
            sequence(time(from), time(until)),
            name(subject),
            key.getEncoded(),
            tagged(0xA3, sequence(extensions(isAuthority, hosts))));
    byte[] der = sequence(body, algorithm, bits(signed(body)));
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[][] extensions(boolean isAuthority, List<String> hosts) throws IOException {
    List<byte[]> extensions = new ArrayList<>();
    if (isAuthority) {
      extensions.add(
          sequence(oid(BASIC_CONSTRAINTS), tagged(0x04, sequence(tagged(0x01, new byte[] {-1})))));
    }
    if (!hosts.isEmpty()) {
      List<byte[]> names = new ArrayList<>();
      for (String host : hosts) {
        boolean isAddress = Character.isDigit(host.charAt(0));
        names.add(
            isAddress
                ? tagged(0x87, InetAddress.getByName(host).getAddress())
                : tagged(0x82, host.getBytes(StandardCharsets.US_ASCII)));
      }
      extensions.add(
          sequence(oid(ALTERNATIVE_NAMES), tagged(0x04, sequence(names.toArray(byte[][]::new)))));
    }
    if (extensions.isEmpty()) {
      extensions.add(sequence(oid(BASIC_CONSTRAINTS), tagged(0x04, sequence())));
    }
    return extensions.toArray(byte[][]::new);
  }

  private static byte[] name(String commonName) {
    return sequence(
        tagged(
            0x31,
            sequence(oid(COMMON_NAME), tagged(0x0C, commonName.getBytes(StandardCharsets.UTF_8)))));
  }

  private static byte[] time(Instant instant) {
    return tagged(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] integer(int value) {
    return tagged(0x02, BigInteger.valueOf(value).toByteArray());
  }

  private static byte[] bits(byte[] bytes) {
    byte[] whole = new byte[bytes.length + 1]; // no unused bits
    System.arraycopy(bytes, 0, whole, 1, bytes.length);
    return tagged(0x03, whole);
  }

  private static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      int arc = Integer.parseInt(arcs[i]);
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arc >>> shift != 0) {
          out.write(((arc >>> shift) & 0x7f) | 0x80);
        }
      }
      out.write(arc & 0x7f);
    }
    return tagged(0x06, out.toByteArray());
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return tagged(0x30, out.toByteArray());
  }

  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 128) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int skip = length[0] == 0 ? 1 : 0;
      out.write(0x80 | length.length - skip);
      out.write(length, skip, length.length - skip);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
