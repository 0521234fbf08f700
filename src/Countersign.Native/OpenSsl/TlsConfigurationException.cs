namespace Countersign.Native;

/// <summary>A context could not be built. The message is the text of nginx's emerg line, from the first word after its process ids.</summary>
public sealed class TlsConfigurationException : Exception
{
    public TlsConfigurationException(string message, TlsError? error = null)
        : base(message)
    {
        Error = error;
    }

    public TlsError? Error { get; }

    // nginx's ngx_ssl_error: the text, then whatever the queue holds.
    internal static TlsConfigurationException FromQueue(string text)
    {
        var error = TlsError.Take(text);
        return new TlsConfigurationException(error.Text.Length == 0 ? text : $"{text} {error.Text}", error);
    }
}
