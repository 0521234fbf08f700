using System.Globalization;
using System.Text;

namespace Countersign.Testing;

/// <summary>Cuts HTTP/1 messages out of a stream without changing a byte; Latin-1 characters stand for bytes.</summary>
public sealed class HttpReader(Stream stream)
{
    private readonly byte[] _chunk = new byte[65536];
    private readonly StringBuilder _buffer = new();

    /// <summary>Read from the stream and not yet taken.</summary>
    public string Buffered => _buffer.ToString();

    /// <summary>Forgets what was read and not taken; returns how many bytes.</summary>
    public int Discard() => Take(_buffer.Length).Length;

    /// <summary>The next head with its empty line, or what came before the end.</summary>
    public async Task<string> ReadHead(CancellationToken cancel)
    {
        int end;
        while ((end = _buffer.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!await Fill(cancel))
            {
                return Take(_buffer.Length);
            }
        }

        return Take(end + 4);
    }

    /// <summary>A whole message: head, and the body its head announces (or, for a response without length, all to the end).</summary>
    public async Task<HttpMessage> ReadMessage(bool isRequest, bool bodiless, CancellationToken cancel)
    {
        var head = await ReadHead(cancel);
        if (bodiless || head.Length == 0)
        {
            return new HttpMessage(head, "");
        }

        if (HttpMessage.Header(head, "Transfer-Encoding")?.EndsWith("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new HttpMessage(head, await ReadChunked(cancel));
        }

        if (HttpMessage.Header(head, "Content-Length") is { } length)
        {
            return new HttpMessage(head, await ReadExactly(int.Parse(length, CultureInfo.InvariantCulture), cancel));
        }

        var status = head.Split(' ').ElementAtOrDefault(1) ?? "";
        var none = isRequest || status.StartsWith('1') || status is "204" or "304";
        return new HttpMessage(head, none ? "" : await ReadToEnd(cancel));
    }

    public async Task<string> ReadExactly(int count, CancellationToken cancel)
    {
        while (_buffer.Length < count && await Fill(cancel))
        {
        }

        return Take(Math.Min(count, _buffer.Length));
    }

    public async Task<string> ReadToEnd(CancellationToken cancel)
    {
        while (await Fill(cancel))
        {
        }

        return Take(_buffer.Length);
    }

    private async Task<string> ReadChunked(CancellationToken cancel)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = await ReadLine(cancel);
            body.Append(line);
            if (!int.TryParse(line.Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size))
            {
                return body.ToString();
            }

            if (size > 0)
            {
                body.Append(await ReadExactly(size + 2, cancel));
                continue;
            }

            string trailer;
            do
            {
                trailer = await ReadLine(cancel);
                body.Append(trailer);
            }
            while (trailer.Length > 2);
            return body.ToString();
        }
    }

    private async Task<string> ReadLine(CancellationToken cancel)
    {
        int end;
        while ((end = _buffer.ToString().IndexOf('\n')) < 0)
        {
            if (!await Fill(cancel))
            {
                return Take(_buffer.Length);
            }
        }

        return Take(end + 1);
    }

    private async Task<bool> Fill(CancellationToken cancel)
    {
        var read = await stream.ReadAsync(_chunk, cancel);
        _buffer.Append(Encoding.Latin1.GetString(_chunk, 0, read));
        return read > 0;
    }

    private string Take(int count)
    {
        var text = _buffer.ToString(0, count);
        _buffer.Remove(0, count);
        return text;
    }
}

/// <summary>A message as it stood on the wire: chunk sizes and trailers are part of the body.</summary>
public sealed record HttpMessage(string Head, string Body)
{
    public string Text => Head + Body;
    public string StartLine => Head.Split("\r\n")[0];

    public string? Header(string name) => Header(Head, name);

    public static string? Header(string head, string name) =>
        head.Split("\r\n").Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}
