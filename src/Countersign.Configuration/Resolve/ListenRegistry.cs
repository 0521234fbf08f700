using System.Net;
using System.Net.Sockets;
using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>The parameters of one <c>listen</c>, for one address.</summary>
internal sealed record ListenOptions
{
    public required EndPoint EndPoint { get; init; }
    public string Text => ParsedUrl.Text(EndPoint);
    /// <summary>Options of the socket were given.</summary>
    public bool Set { get; init; }
    /// <summary>A socket of its own, though a wildcard address has the port.</summary>
    public bool Bind { get; init; }
    public bool DefaultServer { get; init; }
    public bool Ssl { get; init; }
    public bool ProxyProtocol { get; init; }
    public bool ReusePort { get; init; }
    public bool Deferred { get; init; }
    public bool Ipv6Only { get; init; } = true;
    public int Backlog { get; init; } = 511;
    public int? ReceiveBuffer { get; init; }
    public int? SendBuffer { get; init; }
    public bool? KeepAlive { get; init; }
    public int? KeepIdle { get; init; }
    public int? KeepInterval { get; init; }
    public int? KeepCount { get; init; }
    public bool IsWildcard => EndPoint is IPEndPoint { Address: var address } && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
    /// <summary>Addresses that share a port share a wildcard socket.</summary>
    public (AddressFamily, int) Port => (EndPoint.AddressFamily, EndPoint is IPEndPoint ip ? ip.Port : 0);
}

/// <summary>An address that servers listen on, with all of them.</summary>
internal sealed class ListenAddress(ListenOptions options, ServerScope first)
{
    private (bool Ssl, bool ProxyProtocol)? _previous;
    private bool _changed;

    public ListenOptions Options { get; private set; } = options;
    public ServerScope DefaultServer { get; private set; } = first;
    public List<ServerScope> Servers { get; } = [first];

    /// <summary>A further server on the address: ngx_http_add_addresses.</summary>
    public void Join(DirectiveCall call, ServerScope server, ListenOptions added)
    {
        if (Servers.Contains(server))
        {
            call.Fail("duplicate-listen", $"a duplicate listen {Options.Text}", null, "Remove one of the two.");
            return;
        }
        Servers.Add(server);
        var previous = Options;
        if (added.Set)
        {
            if (previous.Set)
            {
                call.Fail("duplicate-listen-options", $"duplicate listen options for {Options.Text}", null,
                    "Options of the socket belong on one listen of the address only.");
                return;
            }
            Options = added;
        }
        var isDefault = previous.DefaultServer;
        if (added.DefaultServer)
        {
            if (isDefault)
            {
                call.Fail("duplicate-default-server", $"a duplicate default server for {Options.Text}");
                return;
            }
            isDefault = true;
            DefaultServer = server;
        }
        WarnOfRedefinedProtocols(call, previous, added);
        Options = Options with
        {
            DefaultServer = isDefault,
            Ssl = previous.Ssl || added.Ssl,
            ProxyProtocol = previous.ProxyProtocol || added.ProxyProtocol,
        };
    }

    private void WarnOfRedefinedProtocols(DirectiveCall call, ListenOptions previous, ListenOptions added)
    {
        var before = (previous.Ssl, previous.ProxyProtocol);
        var now = (added.Ssl, added.ProxyProtocol);
        var differs = _previous is { } set && now != set;
        bool adds = (now.Ssl && !before.Ssl) || (now.ProxyProtocol && !before.ProxyProtocol);
        bool removes = (before.Ssl && !now.Ssl) || (before.ProxyProtocol && !now.ProxyProtocol);
        var warn = (adds, removes) switch
        {
            // Options is the new one already when it was set.
            (true, _) => (Options.Set && !added.Set) || _changed || removes,
            (false, true) => added.Set || differs,
            _ => (added.Set && _changed) || differs,
        };
        if (warn)
        {
            call.Warn("protocol-options-redefined", $"protocol options redefined for {Options.Text}",
                "Give ssl and proxy_protocol on every listen of the address, or on the one that has its options.");
        }
        _changed |= adds || removes;
        _previous = adds ? before : now;
    }
}

/// <summary>All addresses, by port, in nginx's order.</summary>
internal sealed class ListenRegistry
{
    private readonly List<ListenAddress> _addresses = [];

    public IReadOnlyList<ListenAddress> Addresses => _addresses;

    public void Add(DirectiveCall call, ServerScope server, ListenOptions options)
    {
        server.Listens.Add(options);
        if (_addresses.Find(address => address.Options.Text == options.Text) is { } known)
        {
            known.Join(call, server, options);
        }
        else
        {
            _addresses.Add(new ListenAddress(options, server));
        }
    }

    /// <summary>Sockets to bind, each with the addresses it serves (its own last): ngx_http_init_listening.</summary>
    public IEnumerable<(ListenAddress Socket, IReadOnlyList<ListenAddress> Serves)> Sockets()
    {
        foreach (var port in _addresses.GroupBy(address => address.Options.Port))
        {
            var wildcard = port.Key.Item1 == AddressFamily.Unix ? null : port.FirstOrDefault(address => address.Options.IsWildcard);
            foreach (var address in port.Where(address => address != wildcard && (wildcard is null || address.Options.Bind)))
            {
                yield return (address, [address]);
            }
            if (wildcard is not null)
            {
                yield return (wildcard, [.. port.Where(address => address != wildcard && !address.Options.Bind), wildcard]);
            }
        }
    }
}
