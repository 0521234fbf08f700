using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy;

/// <summary>
/// The error log as one connection sees it: adds the connection's number, what was being done and who it was for, in nginx's words
/// and order (<c>ngx_http_log_error</c>), so that a reader of nginx's log finds everything where it was.
/// </summary>
public sealed class ConnectionLog(IErrorLog log, long number, IReadOnlyList<ErrorLogTarget> targets)
{
    private IReadOnlyList<ErrorLogTarget> _targets = targets;
    private LogLevel _level = Highest(targets);

    /// <summary>error_log of the server or location in force.</summary>
    public IReadOnlyList<ErrorLogTarget> Targets
    {
        get => _targets;
        set
        {
            if (!ReferenceEquals(_targets, value))
            {
                _targets = value;
                _level = Highest(value);
            }
        }
    }

    /// <summary>What is being done: <c>SSL handshaking</c>, <c>reading client request headers</c>, <c>connecting to upstream</c>; null for nothing.</summary>
    public string? Action { get; set; }

    /// <summary>Address of the client, without port.</summary>
    public byte[] ClientText { get; set; } = [];

    /// <summary>Server's listening address: shown while there is no request.</summary>
    public string Listen { get; set; } = "";

    /// <summary>The request being answered, or null between requests.</summary>
    public Exchange? Exchange { get; set; }

    /// <summary>What was said last, without what was being done and for whom, whether or not a log wanted it; empty at first.</summary>
    public string LastText => _lastError == 0 ? _lastText : $"{_lastText} ({_lastError}: {Errno.Text(_lastError)})";

    private string _lastText = "";
    private int _lastError;

    /// <summary>Ask before composing a text that costs something.</summary>
    public bool IsEnabled(LogLevel level) => level <= _level;

    /// <param name="text">Latin-1 in disguise: one char, one byte.</param>
    /// <param name="error">errno, positive, or 0.</param>
    /// <param name="withContext">False leaves out what was being done and for whom, where nginx does.</param>
    public void Write(LogLevel level, string text, int error = 0, bool withContext = true)
    {
        (_lastText, _lastError) = (text, error);
        if (level > _level)
        {
            return;
        }
        var line = new StringBuilder(256).Append('*').Append(number).Append(' ').Append(text);
        if (error != 0)
        {
            line.Append(" (").Append(error).Append(": ").Append(Errno.Text(error)).Append(')');
        }
        if (withContext && level != LogLevel.Debug)
        {
            AppendContext(line);
        }
        log.Write(_targets, level, line.ToString());
    }

    /// <summary>A read or write of the client's channel failed: by libssl's words under TLS, by errno otherwise.</summary>
    /// <param name="call"><c>recv()</c> or <c>send()</c>.</param>
    public void WriteChannelError(Channel channel, int result, string call)
    {
        if (result == -Errno.BadDescriptor)
        {
            // Closed from our own side.
        }
        else if (result == Channel.TlsFailed && channel.Tls?.Error is { } error)
        {
            Write(error.IsPeerFault ? LogLevel.Info : LogLevel.Crit, error.ToString());
        }
        else
        {
            Write(LogLevel.Info, channel.Tls is null ? $"{call} failed" : call == "recv()" ? "SSL_read() failed" : "SSL_write() failed", -result);
        }
    }

    private void AppendContext(StringBuilder line)
    {
        if (Action is { } action)
        {
            line.Append(" while ").Append(action);
        }
        line.Append(", client: ").Append(Encoding.Latin1.GetString(ClientText));
        if (Exchange is not { } exchange)
        {
            line.Append(", server: ").Append(Listen);
            return;
        }
        line.Append(", server: ").Append(exchange.Server.Name);
        if (!exchange.RequestLine.IsEmpty)
        {
            line.Append(", request: \"").Append(exchange.RequestLine.ToString()).Append('"');
        }
        if (exchange.Upstream.Current is { } attempt)
        {
            line.Append(", upstream: \"").Append(attempt.LogUrl).Append('"');
        }
        if (!exchange.HostHeader.IsNull)
        {
            line.Append(", host: \"").Append(exchange.HostHeader.ToString()).Append('"');
        }
        if (exchange.Headers.Find("Referer"u8) is { IsNull: false } referrer)
        {
            line.Append(", referrer: \"").Append(referrer.ToString()).Append('"');
        }
    }

    private static LogLevel Highest(IReadOnlyList<ErrorLogTarget> targets)
    {
        var highest = LogLevel.Emerg;
        for (var index = 0; index < targets.Count; index++)
        {
            highest = targets[index].Level > highest ? targets[index].Level : highest;
        }
        return highest;
    }
}
