import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks Tereze one question and prints the answer. Java 17 or later, nothing else.
 *
 * <pre>java Ask.java PROFILE.json DOCUMENT --case NUMBER [--purpose P] [--var name=value ...]</pre>
 *
 * Exit code: 0 answered, 1 refused or failed, 2 wrong use. It reads the few members of JSON that it
 * needs with a pattern; a program that does more takes a JSON library.
 */
public final class Ask {
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final String profile;
    private final PrivateKey key;
    /** For this run only: tokens are bound to it (RFC 9449). */
    private final KeyPair proofKey;

    private Ask(String profile) throws Exception {
        this.profile = profile;
        this.key = privateKey(required(profile, "d"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.proofKey = generator.generateKeyPair();
    }

    public static void main(String[] given) throws Exception {
        if (given.length < 2) wrongUse();
        String purpose = null;
        String number = null;
        List<String> variables = new ArrayList<>();
        for (int at = 2; at < given.length; at += 2) {
            if (at + 1 == given.length) wrongUse();
            String value = given[at + 1];
            switch (given[at]) {
                case "--purpose" -> purpose = value;
                case "--case" -> number = value;
                case "--var" -> {
                    int sign = value.indexOf('=');
                    if (sign < 1) wrongUse();
                    variables.add(quoted(value.substring(0, sign)) + ":" + quoted(value.substring(sign + 1)));
                }
                default -> wrongUse();
            }
        }
        Ask client = new Ask(Files.readString(Path.of(given[0])));
        if (purpose == null) purpose = client.onlyPurpose();
        String body = "{\"documentId\":" + quoted(given[1]) + ",\"variables\":{" + String.join(",", variables) + "}}";
        String answer = client.ask(body, client.token(purpose, number)).body();
        System.out.println(answer);
        System.exit(Pattern.compile("\"data\"\\s*:\\s*\\{").matcher(answer).find() ? 0 : 1);
    }

    private static void wrongUse() {
        System.err.println("java Ask.java PROFILE.json DOCUMENT --case NUMBER [--purpose P] [--var name=value ...]");
        System.exit(2);
    }

    private String onlyPurpose() {
        Matcher only = Pattern.compile("\"purposes\"\\s*:\\s*\\[\\s*\"([^\"]+)\"\\s*]").matcher(profile);
        if (!only.find()) wrongUse();
        return only.group(1);
    }

    /** A token for one purpose and case (RFC 9396), bound to the proof key. */
    private String token(String purpose, String number) throws Exception {
        String matter = number == null ? "" : ",\"case\":{\"agency\":" + quoted(required(profile, "agency")) + ",\"number\":" + quoted(number) + "}";
        String details = "[{\"type\":\"tereze_access\",\"purpose\":" + quoted(purpose) + matter + "}]";
        URI endpoint = tokenEndpoint();
        HttpResponse<String> answer = requestToken(endpoint, details, null);
        if (answer.statusCode() == 400 && answer.body().contains("use_dpop_nonce")) { // RFC 9449 section 8
            answer = requestToken(endpoint, details, answer.headers().firstValue("DPoP-Nonce").orElseThrow());
        }
        if (answer.statusCode() != 200) {
            System.err.println("the issuer gave no token: HTTP " + answer.statusCode());
            System.exit(1);
        }
        return required(answer.body(), "access_token");
    }

    private HttpResponse<String> requestToken(URI endpoint, String details, String nonce) throws Exception {
        String form = "grant_type=client_credentials"
            + "&client_assertion_type=" + encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            + "&client_assertion=" + encoded(assertion())
            + "&resource=" + encoded(required(profile, "audience"))
            + "&authorization_details=" + encoded(details);
        return send(request(endpoint, form, "application/x-www-form-urlencoded").header("DPoP", proof(endpoint, null, nonce)));
    }

    private HttpResponse<String> ask(String body, String token) throws Exception {
        URI url = URI.create(required(profile, "gateway").replaceAll("/+$", "") + "/graphql");
        return send(request(url, body, "application/json").header("Authorization", "DPoP " + token).header("DPoP", proof(url, token, null)));
    }

    /** RFC 8414 section 3. */
    private URI tokenEndpoint() throws Exception {
        URI issuer = URI.create(required(profile, "issuer"));
        URI metadata = issuer.resolve("/.well-known/oauth-authorization-server" + issuer.getPath().replaceAll("/+$", ""));
        return URI.create(required(send(HttpRequest.newBuilder(metadata).timeout(Duration.ofSeconds(30))).body(), "token_endpoint"));
    }

    /** private_key_jwt (RFC 7523 section 3): who asks for the token. */
    private String assertion() throws Exception {
        String who = quoted(required(profile, "client_id"));
        long now = System.currentTimeMillis() / 1000;
        return sign("{\"alg\":\"ES256\",\"kid\":" + quoted(required(profile, "kid")) + "}",
            "{\"iss\":" + who + ",\"sub\":" + who + ",\"aud\":" + quoted(required(profile, "issuer")) + ",\"jti\":\"" + UUID.randomUUID() + "\",\"iat\":" + now + ",\"exp\":" + (now + 60) + "}", key);
    }

    /** RFC 9449 section 4.2: this request, now, with this key; with a token also its hash. */
    private String proof(URI url, String token, String nonce) throws Exception {
        ECPublicKey half = (ECPublicKey) proofKey.getPublic();
        String jwk = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + coordinate(half.getW().getAffineX()) + "\",\"y\":\"" + coordinate(half.getW().getAffineY()) + "\"}";
        String hash = token == null ? "" : ",\"ath\":\"" + base64url(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII))) + "\"";
        String once = nonce == null ? "" : ",\"nonce\":" + quoted(nonce);
        return sign("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}",
            "{\"jti\":\"" + UUID.randomUUID() + "\",\"htm\":\"POST\",\"htu\":" + quoted(url.toString()) + ",\"iat\":" + System.currentTimeMillis() / 1000 + hash + once + "}", proofKey.getPrivate());
    }

    /** A JWT with ES256 (RFC 7515, RFC 7518 section 3.4: r and s side by side). */
    private static String sign(String header, String claims, PrivateKey key) throws Exception {
        String signed = base64url(header.getBytes(StandardCharsets.UTF_8)) + "." + base64url(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64url(signature.sign());
    }

    private static PrivateKey privateKey(String d) throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        BigInteger number = new BigInteger(1, Base64.getUrlDecoder().decode(d));
        return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static HttpRequest.Builder request(URI url, String body, String type) {
        return HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).header("Content-Type", type).header("Accept", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] whole = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, whole, 32 - length, length);
        return base64url(whole);
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A JSON string (RFC 8259 section 7). */
    private static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (char one : text.toCharArray()) {
            if (one == '"' || one == '\\') made.append('\\').append(one);
            else if (one < ' ') made.append(String.format("\\u%04x", (int) one));
            else made.append(one);
        }
        return made.append('"').toString();
    }

    /** The first member of this name that holds a text without escapes. */
    private static String required(String json, String name) {
        Matcher member = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
        if (!member.find()) throw new IllegalArgumentException("there is no " + name);
        return member.group(1);
    }
}
