using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

internal enum OutcomeKind
{
    /// <summary>Nothing to say: on to the next phase (nginx's NGX_DECLINED).</summary>
    Next,
    /// <summary>A backend answers.</summary>
    Proxy,
    /// <summary>A file answers, if there is one.</summary>
    File,
    /// <summary>return with a text.</summary>
    Text,
    /// <summary>A status of our own: an error page or the built-in one.</summary>
    Status,
    /// <summary>The built-in page.</summary>
    Page,
    /// <summary>Another URI of the same server.</summary>
    Redirect,
    /// <summary>A named location.</summary>
    Named,
    /// <summary>Answered, or nothing to answer.</summary>
    Done,
}

/// <summary>What a phase decided about a request.</summary>
internal readonly struct Outcome
{
    public OutcomeKind Kind { get; private init; }
    public int Status { get; private init; }
    public Bytes Uri { get; private init; }
    public Bytes Arguments { get; private init; }
    public ComplexValue? Text { get; private init; }

    public static Outcome Next => default;
    public static Outcome Done => new() { Kind = OutcomeKind.Done };
    public static Outcome Proxy => new() { Kind = OutcomeKind.Proxy };
    public static Outcome File => new() { Kind = OutcomeKind.File };

    public static Outcome Of(int status) => new() { Kind = OutcomeKind.Status, Status = status };

    public static Outcome Page(int status) => new() { Kind = OutcomeKind.Page, Status = status };

    public static Outcome Return(int status, ComplexValue? text) => new() { Kind = OutcomeKind.Text, Status = status, Text = text };

    public static Outcome Redirect(Bytes uri, Bytes arguments) => new() { Kind = OutcomeKind.Redirect, Uri = uri, Arguments = arguments };

    public static Outcome Named(Bytes name) => new() { Kind = OutcomeKind.Named, Uri = name };

    /// <summary>What a URI of the configuration leads to: <c>@name</c>, or a path with its arguments behind a question mark.</summary>
    public static Outcome Internal(Bytes uri)
    {
        if (!uri.IsEmpty && uri.Span[0] == '@')
        {
            return Named(uri);
        }
        var mark = uri.Span.IndexOf((byte)'?');
        return mark < 0 ? Redirect(uri, default) : Redirect(uri.Slice(0, mark), uri.Slice(mark + 1, uri.Length - mark - 1));
    }

    /// <summary>From <see cref="Answer.SendHeadAsync"/> or the writer: a status to answer instead, or the client is gone.</summary>
    public static Outcome Failed(Exchange exchange, int result)
    {
        if (result > 0)
        {
            return Of(result);
        }
        exchange.GiveUp(499);
        return Done;
    }
}
