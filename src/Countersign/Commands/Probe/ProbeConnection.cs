using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Countersign.Native;
using Socket = System.Net.Sockets.Socket;

namespace Countersign.Commands.Probe;

/// <summary>One TCP connection with a deadline for all that is done on it.</summary>
internal sealed class ProbeConnection : IDisposable
{
    private const int MaximumAddresses = 4;

    private readonly Socket _socket;
    private readonly long _start;
    private readonly TimeSpan _timeout;
    private readonly Timer _end;

    private ProbeConnection(Socket socket, string address, long start, TimeSpan timeout)
    {
        (_socket, Address, _start, _timeout) = (socket, address, start, timeout);
        // A server that never stops sending what is no answer keeps libssl inside one call.
        _end = new Timer(_ => End(), null, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The one that answered.</summary>
    public string Address { get; }

    public int Descriptor => (int)_socket.Handle;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public bool IsOver => Left <= TimeSpan.Zero;

    private TimeSpan Left => _timeout - Elapsed;

    /// <exception cref="ProbeException">Nobody is there.</exception>
    public static async Task<ProbeConnection> Open(ProbeOptions options)
    {
        var start = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.Timeout);
        SocketException? last = null;
        foreach (var address in await Addresses(options.Target, deadline.Token))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, options.Target.Port), deadline.Token);
                socket.Blocking = false;
                return new ProbeConnection(socket, address.ToString(), start, options.Timeout);
            }
            catch (SocketException fault)
            {
                socket.Dispose();
                last = fault;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw new ProbeException(
                    $"{options.Target} did not take the connection in time ({address}): a firewall drops it, or the address is wrong",
                    $"nc -vz {options.Target.Host} {options.Target.Port}");
            }
        }
        throw new ProbeException(
            last?.SocketErrorCode == SocketError.ConnectionRefused
                ? $"nothing listens on {options.Target} (connection refused)"
                : $"{options.Target} cannot be reached: {last?.Message}",
            options.Target.Host is "localhost" or "127.0.0.1" or "::1" ? $"ss -ltn 'sport = :{options.Target.Port}'" : $"nc -vz {options.Target.Host} {options.Target.Port}");
    }

    /// <summary>Repeats the step until it is through; WantRead or WantWrite when the time was up before.</summary>
    public TlsStatus Finish(Func<TlsStatus> step)
    {
        while (true)
        {
            var status = step();
            var left = Left;
            if (status is not (TlsStatus.WantRead or TlsStatus.WantWrite) || left <= TimeSpan.Zero
                || !_socket.Poll(left, status == TlsStatus.WantRead ? SelectMode.SelectRead : SelectMode.SelectWrite))
            {
                return status;
            }
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        _socket.Dispose();
    }

    private void End()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
            return;
        }
    }

    private static async Task<IPAddress[]> Addresses(ProbeTarget target, CancellationToken deadline)
    {
        if (IPAddress.TryParse(target.Host, out var address))
        {
            return [address];
        }
        try
        {
            var found = await Dns.GetHostAddressesAsync(target.Host, deadline).WaitAsync(deadline);
            return found.Length > 0 ? found[..Math.Min(found.Length, MaximumAddresses)] : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ArgumentException)
        {
            var why = fault is SocketException ? fault.Message : "no answer in time";
            throw new ProbeException($"the name {target.Host} has no address ({why})", $"getent ahosts {target.Host}");
        }
    }
}
