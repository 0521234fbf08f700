namespace Countersign.Conformance;

/// <summary>listen ... proxy_protocol: the line before the request, in both versions.</summary>
public sealed class ProxyProtocol(Ground<ProxyProtocol.Servers> ground) : IClassFixture<Ground<ProxyProtocol.Servers>>
{
    public sealed class Servers : Subject
    {
        public override string Http => """
            server {
                listen %%http%% proxy_protocol;
                return 200 "$proxy_protocol_addr|$proxy_protocol_port|$proxy_protocol_server_addr|$proxy_protocol_server_port|$remote_addr\n";
            }
            """;
    }

    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";
    private const string Request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>Name of the case, and what stands before the request.</summary>
    public static TheoryData<string, string> All() => new()
    {
        { "version 1", "PROXY TCP4 192.0.2.1 198.51.100.2 1234 443\r\n" },
        { "version 1 over IPv6", "PROXY TCP6 2001:db8::1 2001:db8::2 1234 443\r\n" },
        { "version 1 unknown", "PROXY UNKNOWN\r\n" },
        { "version 1 unknown with addresses", "PROXY UNKNOWN 192.0.2.1 198.51.100.2 1234 443\r\n" },
        { "version 1 with a wrong port", "PROXY TCP4 192.0.2.1 198.51.100.2 99999 443\r\n" },
        { "version 1 with a wrong address", "PROXY TCP4 nobody 198.51.100.2 1 443\r\n" },
        { "version 1 without an end", "PROXY TCP4 192.0.2.1 198.51.100.2 1234 443\n" },
        { "version 1 too long", $"PROXY TCP4 {new string('1', 120)}\r\n" },
        { "version 2", Signature + "\x21\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x02\x04\xd2\x01\xbb" },
        { "version 2 with a value after it", Signature + "\x21\x11\0\x10\xc0\0\x02\x01\xc6\x33\x64\x02\x04\xd2\x01\xbb\x04\0\x01x" },
        { "version 2 local", Signature + "\x20\0\0\0" },
        { "version 2 of an unknown family", Signature + "\x21\x31\0\0" },
        { "version 2 too short for its family", Signature + "\x21\x11\0\x04\xc0\0\x02\x01" },
        { "version 3", Signature + "\x31\x11\0\0" },
        { "nothing before the request", "" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task The_line_before_the_request_is_read_the_same(string what, string line) => ground.Compare(
        script => script.Exchange("http", line + Request), $"{nameof(The_line_before_the_request_is_read_the_same)}: {what}");
}
