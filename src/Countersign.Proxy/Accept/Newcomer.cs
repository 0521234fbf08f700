using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Accept;

/// <summary>A client that has been accepted and is on no loop yet.</summary>
internal readonly struct Newcomer(Generation generation, ListenPlan listen, int descriptor, in SocketAddress peer)
{
    private static long s_lastNumber;

    private readonly SocketAddress _peer = peer;

    public Generation Generation => generation;

    public int Descriptor => descriptor;

    /// <summary>Puts it on the loop of <paramref name="worker"/>.</summary>
    /// <returns>Null when there is no room, which has been logged.</returns>
    public Client? Enter(Worker worker)
    {
        if (!worker.HasRoom())
        {
            _ = Socket.Close(descriptor);
            return null;
        }
        var number = Interlocked.Increment(ref s_lastNumber);
        var result = Channel.Open(worker.Loop, descriptor, out var channel);
        if (result < 0)
        {
            generation.ErrorLog.Write(
                generation.Plan.Main.ErrorLogs, LogLevel.Alert, $"epoll_ctl() failed ({-result}: {Errno.Text(-result)})");
            return null;
        }
        Span<byte> text = stackalloc byte[SocketAddressText.MaximumLength];
        var peerText = text[.._peer.Format(text, withPort: false)].ToArray();
        var address = AddressOf(listen, descriptor);
        var log = new ConnectionLog(generation.ErrorLog, number, address.DefaultServer.Root.Core.ErrorLogs)
        {
            ClientText = peerText,
            Listen = listen.Text,
        };
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Write(LogLevel.Debug, $"accept: {_peer} fd:{descriptor}");
        }
        var client = new Client
        {
            Worker = worker,
            Generation = generation,
            Channel = channel!,
            Number = number,
            Peer = _peer,
            Listen = listen,
            Address = address,
            Log = log,
            Started = worker.Loop.Now,
            PeerText = peerText,
            Server = address.DefaultServer,
        };
        worker.Add(client);
        return client;
    }

    private static AddressPlan AddressOf(ListenPlan listen, int descriptor)
    {
        var addresses = listen.Addresses;
        if (addresses.Count == 1)
        {
            return addresses[0];
        }
        SocketAddress local = default;
        _ = Socket.LocalAddress(descriptor, ref local);
        for (var index = 0; index < addresses.Count - 1; index++)
        {
            if (ListeningSocket.AddressOf(addresses[index].EndPoint).Bytes.SequenceEqual(local.Bytes))
            {
                return addresses[index];
            }
        }
        return addresses[^1];
    }
}
