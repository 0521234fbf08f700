using System.Text;

namespace Countersign.Native;

/// <summary>One entry of OpenSSL's error queue, oldest first.</summary>
/// <param name="Code">The packed code.</param>
/// <param name="Text">As ERR_error_string_n writes it, with the data after a colon.</param>
/// <param name="Data">What the raiser added, such as <c>calling fopen(/x, r)</c>, or nothing.</param>
public readonly record struct TlsErrorEntry(uint Code, string Text, string Data)
{
    /// <summary>The reason alone: <c>no shared cipher</c>.</summary>
    public string Words => (Data.Length == 0 ? Text : Text[..^(Data.Length + 1)]).Split(':', 5) is [.., var words] ? words : Text;

    public int Library => (Code & 0x80000000) != 0 ? 2 : (int)(Code >> 23) & 0xFF;

    public int Reason => (int)(Code & ((Code & 0x80000000) != 0 ? 0x7FFFFFFFu : 0x7FFFFFu));
}

/// <summary>Why a call of OpenSSL failed: the whole queue, read once at that call.</summary>
public sealed class TlsError
{
    private const int AlertReasons = 1000;

    private TlsError(string call, int kind, TlsErrorEntry[] entries)
    {
        Call = call;
        Kind = kind;
        Entries = entries;
        Text = Join(entries);
    }

    /// <summary>The failing call, <c>SSL_do_handshake()</c>.</summary>
    public string Call { get; }

    /// <summary>SSL_get_error's answer: 1 is SSL_ERROR_SSL, 5 SSL_ERROR_SYSCALL; 0 outside a connection.</summary>
    public int Kind { get; }

    public IReadOnlyList<TlsErrorEntry> Entries { get; }

    /// <summary>What nginx appends to its message: <c>(SSL: error:0A00010B:SSL routines::wrong version number)</c>; empty without entries.</summary>
    public string Text { get; }

    /// <summary>Reason of the newest entry, the one nginx sorts by; 0 without entries.</summary>
    public int Reason => Entries.Count == 0 ? 0 : Entries[^1].Reason;

    /// <summary>The alert the peer sent, when that is the failure.</summary>
    public int? PeerAlert => Kind == NativeConnection.ErrorSsl && Reason is >= AlertReasons and <= AlertReasons + 255 ? Reason - AlertReasons : null;

    /// <summary>Whether nginx logs the failure at the connection's level (info for clients) and not as crit.</summary>
    public bool IsPeerFault => Kind == NativeConnection.ErrorSsl && (PeerAlert != null || TlsErrorReasons.PeerFaults.Contains(Reason));

    public override string ToString() => $"{Call} failed {Text}";

    /// <summary>Empties the calling thread's queue.</summary>
    internal static unsafe TlsError Take(string call, int kind = 0)
    {
        var entries = new List<TlsErrorEntry>();
        var text = stackalloc byte[256];
        while (true)
        {
            byte* file, function, data;
            int line, flags;
            var code = NativeError.Take(&file, &line, &function, &data, &flags);
            if (code == 0)
            {
                return new TlsError(call, kind, [.. entries]);
            }
            NativeError.Text(code, text, 256);
            var added = (flags & NativeError.TextString) != 0 ? NativeText.Utf8(data) : "";
            var whole = NativeText.String(text);
            entries.Add(new TlsErrorEntry((uint)code, added.Length == 0 ? whole : $"{whole}:{added}", added));
        }
    }

    private static string Join(TlsErrorEntry[] entries)
    {
        if (entries.Length == 0)
        {
            return "";
        }
        var text = new StringBuilder("(SSL:");
        foreach (var entry in entries)
        {
            text.Append(' ').Append(entry.Text);
        }
        return text.Append(')').ToString();
    }
}
