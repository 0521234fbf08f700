using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// Sends head and body to the backend. A backend that answers before it has everything is listened to: its answer goes to the client
/// and the rest of the body is not sent.
/// </summary>
internal static class RequestSender
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<PassResult> SendAsync(Passing passing)
    {
        passing.Log.Action = "sending request to upstream";
        var result = await WriteAsync(passing, passing.Head.Memory);
        if (result == PassResult.Done && !passing.Response.HasBytes)
        {
            result = passing.IsStreaming ? await StreamAsync(passing)
                : !passing.Body.IsNull ? await WriteAsync(passing, passing.Body.Memory)
                : passing.Settings.PassRequestBody ? await SendBufferedAsync(passing)
                : PassResult.Done;
        }
        passing.IsBodySent = result == PassResult.Done && !passing.Response.HasBytes;
        return result;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> SendBufferedAsync(Passing passing)
    {
        var body = passing.Exchange.Body;
        if (!body.IsBuffered || body.Length == 0)
        {
            return PassResult.Done;
        }
        if (body.InMemory is { IsNull: false } memory)
        {
            return await WriteAsync(passing, memory.Memory);
        }
        var buffer = passing.Worker.RentBuffer();
        var result = PassResult.Done;
        for (long offset = 0; offset < body.Length && result == PassResult.Done && !passing.Response.HasBytes;)
        {
            var count = body.ReadBuffered(offset, buffer);
            if (count <= 0)
            {
                passing.Log.Write(LogLevel.Alert, $"pread() \"{body.File}\" failed", -count);
                result = PassResult.Internal;
                break;
            }
            result = await WriteAsync(passing, buffer.AsMemory(0, count));
            offset += count;
        }
        passing.Worker.Return(buffer);
        return result;
    }

    /// <summary>proxy_request_buffering off: every piece goes on as it comes.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> StreamAsync(Passing passing)
    {
        const int SizeLine = 10;
        var body = passing.Exchange.Body;
        var buffer = passing.Worker.RentBuffer();
        var result = PassResult.Done;
        while (result == PassResult.Done && !passing.Response.HasBytes)
        {
            var count = await body.ReadAsync(buffer.AsMemory(SizeLine, buffer.Length - SizeLine - 2));
            if (count < 0)
            {
                passing.ClientStatus = -count;
                result = count == RequestBody.Gone ? PassResult.ClientGone : PassResult.ClientFault;
            }
            else if (count == 0)
            {
                result = passing.SendsChunks ? await WriteAsync(passing, LastChunk) : PassResult.Done;
                break;
            }
            else if (passing.SendsChunks)
            {
                _ = Utf8Formatter.TryFormat(count, buffer, out var digits, 'x');
                // The size stands right before the data.
                buffer.AsSpan(0, digits).CopyTo(buffer.AsSpan(SizeLine - digits - 2));
                "\r\n"u8.CopyTo(buffer.AsSpan(SizeLine - 2));
                "\r\n"u8.CopyTo(buffer.AsSpan(SizeLine + count));
                result = await WriteAsync(passing, buffer.AsMemory(SizeLine - digits - 2, digits + count + 4));
            }
            else
            {
                result = await WriteAsync(passing, buffer.AsMemory(SizeLine, count));
            }
        }
        passing.Worker.Return(buffer);
        return result;
    }

    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> WriteAsync(Passing passing, ReadOnlyMemory<byte> bytes)
    {
        var backend = passing.Backend;
        var timeout = (long)passing.Settings.SendTimeout.TotalMilliseconds;
        while (!bytes.IsEmpty)
        {
            var written = backend.TryWrite(bytes.Span);
            if (written >= 0)
            {
                passing.IsRequestSent |= written > 0;
                passing.Attempt.BytesSent += written;
                bytes = bytes[written..];
                continue;
            }
            if (written != -Errno.Again)
            {
                // It may have answered before it closed.
                if (passing.Response.TryFill(passing) > 0)
                {
                    return PassResult.Done;
                }
                passing.Log.Write(LogLevel.Error, backend.Tls is null ? "writev() failed" : backend.Tls.Error?.ToString() ?? "SSL_write() failed",
                    written == Channel.TlsFailed ? 0 : -written);
                return PassResult.Error;
            }
            if (passing.Response.TryFill(passing) > 0)
            {
                return PassResult.Done;
            }
            if (passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            if (!await passing.Wake.Within(timeout))
            {
                return PassResult.Timeout;
            }
        }
        return PassResult.Done;
    }
}
