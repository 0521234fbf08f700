using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>host[:port][uri], an address, a port alone, or unix:path: ngx_parse_url with its messages.</summary>
internal sealed class ParsedUrl
{
    /// <summary>Without port; an IPv6 address keeps its brackets; a socket's path.</summary>
    public string Host { get; private set; } = "";
    public int Port { get; private set; }
    public string PortText { get; private set; } = "";
    public int LastPort { get; private set; }
    public bool NoPort { get; private set; }
    public string Uri { get; private set; } = "";
    public bool IsUnix { get; private set; }
    public IReadOnlyList<EndPoint> Addresses { get; private set; } = [];
    public string? Error { get; private set; }

    /// <param name="listen">For <c>listen</c>: a bare port and <c>*</c> are addresses, ranges of ports are allowed.</param>
    /// <param name="resolve">Null: names are not looked up.</param>
    public static ParsedUrl Parse(string url, int defaultPort, bool listen = false, bool uriPart = false, Func<string, IPAddress[]>? resolve = null)
    {
        var parsed = new ParsedUrl();
        if (url.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            parsed.ParseUnix(url, uriPart);
        }
        else
        {
            parsed.ParseInternet(url, defaultPort, listen, uriPart, resolve);
        }
        return parsed;
    }

    private void ParseUnix(string url, bool uriPart)
    {
        var path = url[5..];
        IsUnix = true;
        if (uriPart && path.IndexOf(':') is var colon and >= 0)
        {
            Uri = path[(colon + 1)..];
            path = path[..colon];
        }
        if (path.Length == 0)
        {
            Error = "no path in the unix domain socket";
        }
        else if (path.Length > 107)
        {
            Error = "too long path in the unix domain socket";
        }
        else
        {
            Host = path;
            Addresses = [new UnixDomainSocketEndPoint(ByteText.ToUnicode(path))];
        }
    }

    private void ParseInternet(string url, int defaultPort, bool listen, bool uriPart, Func<string, IPAddress[]>? resolve)
    {
        var authority = url;
        var uri = url.AsSpan().IndexOfAny('/', '?');
        if (uri >= 0)
        {
            if (listen || !uriPart)
            {
                Error = "invalid host";
                return;
            }
            Uri = url[uri..];
            authority = url[..uri];
        }
        var bracket = authority.StartsWith('[') ? authority.IndexOf(']') : -1;
        if (authority.StartsWith('[') && bracket < 0)
        {
            Error = "invalid host";
            return;
        }
        var colon = bracket >= 0 ? (bracket + 1 < authority.Length ? bracket + 1 : -1) : authority.IndexOf(':');
        if (bracket >= 0 && colon >= 0 && authority[colon] != ':')
        {
            Error = "invalid host";
            return;
        }
        if (colon >= 0)
        {
            if (!ReadPort(authority[(colon + 1)..], listen))
            {
                return;
            }
            authority = authority[..colon];
        }
        else
        {
            if (listen && uri < 0 && bracket < 0 && IsPortAlone(authority))
            {
                if (ReadPort(authority, listen))
                {
                    AddAddress(IPAddress.Any);
                }
                return;
            }
            NoPort = true;
            Port = defaultPort;
        }
        Host = authority;
        if (authority.Length == 0)
        {
            Error = "no host";
        }
        else if (bracket >= 0)
        {
            if (IPAddress.TryParse(authority.AsSpan()[1..^1], out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6)
            {
                AddAddress(v6);
            }
            else
            {
                Error = "invalid IPv6 address";
            }
        }
        else if (listen && authority == "*")
        {
            AddAddress(IPAddress.Any);
        }
        else if (DottedQuad(authority) is { } v4)
        {
            AddAddress(v4);
        }
        else if (resolve is not null)
        {
            LookUp(authority, resolve);
        }
    }

    /// <summary>Resolves the host now, for an implied upstream.</summary>
    public void LookUp(string host, Func<string, IPAddress[]> resolve)
    {
        try
        {
            var found = resolve(host);
            Addresses = [.. found.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .SelectMany(address => Ports().Select(port => (EndPoint)new IPEndPoint(address, port)))];
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            Addresses = [];
        }
        if (Addresses.Count == 0)
        {
            Error = "host not found";
        }
    }

    private IEnumerable<int> Ports() => Enumerable.Range(Port, Math.Max(1, LastPort - Port + 1));

    private void AddAddress(IPAddress address) => Addresses = [.. Ports().Select(port => (EndPoint)new IPEndPoint(address, port))];

    private static bool IsPortAlone(string text)
    {
        var dash = text.IndexOf('-');
        return dash < 0 ? Units.Number(text) is not null : Units.Number(text.AsSpan()[..dash]) is not null && Units.Number(text.AsSpan()[(dash + 1)..]) is not null;
    }

    private bool ReadPort(string text, bool listen)
    {
        PortText = text;
        var first = text;
        if (listen && text.IndexOf('-') is var dash and >= 0)
        {
            if (Units.Number(text.AsSpan()[(dash + 1)..]) is not (>= 1 and <= 65535 and var last))
            {
                Error = "invalid port";
                return false;
            }
            LastPort = (int)last;
            first = text[..dash];
        }
        if (Units.Number(first) is not (>= 1 and <= 65535 and var port))
        {
            Error = "invalid port";
            return false;
        }
        if (LastPort != 0 && port > LastPort)
        {
            Error = "invalid port range";
            return false;
        }
        Port = (int)port;
        return true;
    }

    /// <summary>ngx_inet_addr: four decimal numbers, of which an empty one is 0; the platform's parser takes other shapes.</summary>
    public static IPAddress? DottedQuad(string text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var part = 0;
        var value = 0;
        foreach (var c in text)
        {
            if (c == '.')
            {
                if (part == 3)
                {
                    return null;
                }
                bytes[part++] = (byte)value;
                value = 0;
            }
            else if (!char.IsAsciiDigit(c) || (value = value * 10 + (c - '0')) > 255)
            {
                return null;
            }
        }
        bytes[3] = (byte)value;
        return part == 3 ? new IPAddress(bytes) : null;
    }

    /// <summary>As nginx prints an address.</summary>
    public static string Text(EndPoint address) => address switch
    {
        IPEndPoint ip => ip.AddressFamily == AddressFamily.InterNetworkV6
            ? string.Create(CultureInfo.InvariantCulture, $"[{ip.Address}]:{ip.Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{ip.Address}:{ip.Port}"),
        _ => "unix:" + ByteText.FromUnicode(address.ToString()!),
    };
}
