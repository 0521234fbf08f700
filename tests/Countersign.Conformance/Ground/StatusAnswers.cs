using System.Text;

namespace Countersign.Conformance;

/// <summary>What responders of the authorities of <see cref="Trust"/> answer, by the name of a case: bytes of HTTP, after which they close.</summary>
internal static class StatusAnswers
{
    private const string Bare = "HTTP/1.1 200 OK";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly Identity Issuing = Trust.Shared["intermediate"];
    private static readonly Identity Signer = Issuing.Issue("CN=responder", CertificateShape.Client with { ExtendedKeyUsage = [Oids.OcspSigning] });
    private static readonly Identity NoSigner = Issuing.Issue("CN=no responder", CertificateShape.Client);
    private static readonly Identity Expired = Issuing.Issue("CN=late responder", CertificateShape.Client with
    {
        ExtendedKeyUsage = [Oids.OcspSigning],
        NotBefore = Now.AddDays(-9),
        NotAfter = Now.AddDays(-2),
    });

    private static readonly Identity Forged = Identity.SelfSigned("CN=Issuing A, O=Countersign")
        .Issue("CN=responder", CertificateShape.Client with { ExtendedKeyUsage = [Oids.OcspSigning] });
    private static readonly Identity Cousin = Trust.Shared["root"].Issue("CN=cousin", CertificateShape.Client with { ExtendedKeyUsage = [Oids.OcspSigning] });

    private static readonly Dictionary<string, OcspShape> Shapes = new()
    {
        ["good"] = new(),
        ["revoked"] = new() { Status = OcspStatus.Revoked },
        ["unknown"] = new() { Status = OcspStatus.Unknown },
        ["lapsed"] = new() { ThisUpdate = Now.AddDays(-9), NextUpdate = Now.AddDays(-2) },
        ["lapsed a little"] = new() { NextUpdate = Now.AddMinutes(-2) },
        ["early"] = new() { ThisUpdate = Now.AddHours(1) },
        ["early a little"] = new() { ThisUpdate = Now.AddMinutes(3) },
        ["ends before it begins"] = new() { ThisUpdate = Now, NextUpdate = Now.AddMinutes(-1) },
        ["without an end"] = new() { NextUpdate = null },
        ["without an end, from last month"] = new() { ThisUpdate = Now.AddDays(-30), NextUpdate = null },
        ["of a stranger"] = new() { Signer = Trust.Shared["other-root"] },
        ["of a stranger with its certificate"] = new() { Signer = Trust.Shared["other-root"], Certificates = [Trust.Shared["other-root"]] },
        ["of an impostor"] = new() { Signer = Trust.Shared["impostor-root"], Certificates = [Trust.Shared["impostor-root"]] },
        ["of a delegate"] = new() { Signer = Signer, Certificates = [Signer] },
        ["of a delegate that has expired"] = new() { Signer = Expired, Certificates = [Expired] },
        ["of a delegate of the impostor"] = new() { Signer = Forged, Certificates = [Forged] },
        ["of a delegate that is not sent"] = new() { Signer = Signer },
        ["of a client that plays the delegate"] = new() { Signer = NoSigner, Certificates = [NoSigner] },
        ["of the root's delegate"] = new() { Signer = Cousin, Certificates = [Cousin] },
        ["of the client itself"] = new() { Signer = Trust.Shared["client"] },
        ["of the root"] = new() { Signer = Trust.Shared["root"] },
        ["under another issuer's name"] = new() { IssuerNamed = Trust.Shared["root"] },
        ["first good, then revoked"] = new() { More = [OcspStatus.Revoked] },
        ["first revoked, then good"] = new() { Status = OcspStatus.Revoked, More = [OcspStatus.Good] },
        ["try later"] = new() { ResponseStatus = 3 },
        ["unauthorized"] = new() { ResponseStatus = 6 },
    };

    private static readonly Dictionary<string, Func<byte[], string>> Heads = new()
    {
        ["without a type"] = good => OcspShape.Http(Bare, good),
        ["without a length"] = good => Text("HTTP/1.1 200 OK\r\nContent-Type: Application/OCSP-Response \r\n\r\n", good),
        ["with bare line feeds"] = good => Text("HTTP/1.1 200\nX\nA: \nB:c d  e \n\n", good),
        ["with bytes behind it"] = good => Text(Bare + "\r\n\r\n", good) + "behind",
        ["cut short"] = good => Text(Bare + "\r\n\r\n", good[..^9]),
        ["of two thousand headers"] = good => Text($"{Bare}\r\n{string.Concat(Enumerable.Repeat("a: b\r\n", 2000))}\r\n", good),
        ["chunked"] = good => Text($"{Bare}\r\nTransfer-Encoding: chunked\r\n\r\n{good.Length:x}\r\n", good) + "\r\n0\r\n\r\n",
        ["not DER"] = _ => Bare + "\r\n\r\nmore text than sense",
        ["of nothing"] = _ => Bare + "\r\n\r\n",
        ["of another type"] = good => OcspShape.Http(Bare + "\r\nContent-Type: text/html", good),
        ["404"] = good => OcspShape.Http("HTTP/1.1 404 Not Found", good),
        ["404 as a page"] = _ => "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n",
        ["a redirect"] = _ => "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        ["100 before it"] = good => OcspShape.Http("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", good),
        ["a short status"] = good => OcspShape.Http("HTTP/1.1 20", good),
        ["a long status"] = good => OcspShape.Http("HTTP/1.1 2000", good),
        ["a version without a number"] = good => OcspShape.Http("HTTP/ 200 OK", good),
        ["a version 0"] = good => OcspShape.Http("HTTP/0.9 200 OK", good),
        ["a header without a name"] = good => OcspShape.Http(Bare + "\r\n: x", good),
        ["a header with a space in its name"] = good => OcspShape.Http(Bare + "\r\na b: x", good),
        ["a lone carriage return"] = good => OcspShape.Http(Bare + "\r\na: b\rc: d", good),
        ["half a head"] = _ => Bare + "\r\nContent-Type: application/ocsp-response\r\n",
        ["another protocol"] = _ => "220 mail.example ESMTP\r\n",
        ["another protocol without an end of line"] = _ => "SSH-2.0-",
        ["nothing"] = _ => "",
    };

    public static IEnumerable<string> Names => Shapes.Keys.Concat(Heads.Keys);

    /// <param name="request">As it came: which certificate it is about stands in it.</param>
    /// <param name="client">Null is the client of all cases.</param>
    public static string Of(string name, string request, Identity? client = null)
    {
        var about = IsAboutAuthority(request) ? Issuing : client ?? Trust.Shared["client"];
        var issuer = about == Issuing ? Trust.Shared["root"] : Issuing;
        return Shapes.TryGetValue(name, out var shape)
            ? OcspShape.Http(issuer.StatusOf(about, shape with { Signer = shape.Signer ?? issuer }))
            : Heads[name](issuer.StatusOf(about));
    }

    private static bool IsAboutAuthority(string request)
    {
        var encoded = request.Split(' ')[1];
        var question = Convert.FromBase64String(Uri.UnescapeDataString(encoded[(encoded.LastIndexOf('/') + 1)..]));
        return question.AsSpan().IndexOf(Issuing.Certificate.SerialNumberBytes.Span) >= 0;
    }

    private static string Text(string head, byte[] body) => head + Encoding.Latin1.GetString(body);
}
