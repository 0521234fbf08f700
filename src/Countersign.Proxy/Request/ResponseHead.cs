namespace Countersign.Proxy.Request;

/// <summary>The head of the answer before it is written: nginx's <c>headers_out</c>. Values live in the exchange's arena.</summary>
public sealed class ResponseHead
{
    public int Status { get; set; }
    /// <summary>A whole status line's text (<c>404 Gone fishing</c>) as a backend gave it; null bytes: nginx's own words for the status.</summary>
    public Bytes StatusText { get; set; }
    /// <summary>Content-Type in full; null bytes for none.</summary>
    public Bytes ContentType { get; set; }
    /// <summary>charset that came with a backend's type.</summary>
    public Bytes Charset { get; set; }
    /// <summary>-1: not known; chunked or until the end of the connection.</summary>
    public long ContentLength { get; set; }
    /// <summary>Unix seconds; -1 for none.</summary>
    public long LastModified { get; set; }
    /// <summary>Last-Modified as a backend spelled it; wins over <see cref="LastModified"/>.</summary>
    public Bytes LastModifiedText { get; set; }
    /// <summary>Where a redirect leads. A path is made absolute before it is written, in nginx's place for it; all else goes
    /// among the <see cref="Headers"/>. A backend's Location belongs there from the start, unless proxy_redirect made a path of it.</summary>
    public Bytes Location { get; set; }
    /// <summary>A backend's own line that is passed on (it stands in <see cref="Headers"/>); null bytes: ours is written.</summary>
    public Bytes Server { get; set; }
    /// <summary>With server_tokens STRING: the evaluated text; empty writes no line.</summary>
    public Bytes ServerText { get; set; }
    /// <summary>A backend's own line that is passed on (it stands in <see cref="Headers"/>); null bytes: ours is written.</summary>
    public Bytes Date { get; set; }
    public Bytes Etag { get; set; }
    /// <summary>All others, in order.</summary>
    public HeaderList Headers { get; } = new();
    public HeaderList Trailers { get; } = new();
    /// <summary>Made here: the client's conditions (If-Match and its kin) are ours to judge. A backend judges its own answers.</summary>
    public bool IsOwn { get; set; }
    /// <summary>Byte ranges may be taken of the body.</summary>
    public bool AllowRanges { get; set; }
    /// <summary>add_trailer: the body is sent in chunks even where its length is known.</summary>
    public bool ExpectsTrailers { get; set; }
    /// <summary>One at most: the body comes piece by piece (proxy_force_ranges).</summary>
    public bool IsSingleRange { get; set; }
    /// <summary>The stretch of the body that goes out: the writer is given all of it and drops what lies outside.</summary>
    public ByteRange? BodyRange { get; set; }
    /// <summary>Several stretches, as multipart/byteranges: written part by part by whoever has the file.</summary>
    public MultipartRanges? Parts { get; set; }
    /// <summary>Fills <see cref="Trailers"/> when the body has been written (add_trailer); null without.</summary>
    public Action<Exchange>? AddTrailers { get; set; }
    /// <summary>The head has been written: no other answer is possible.</summary>
    public bool IsSent { get; set; }

    public void Reset()
    {
        Status = 0;
        ClearForNewAnswer();
        Trailers.Clear();
        AllowRanges = ExpectsTrailers = IsSent = false;
    }

    /// <summary>As nginx before an error page: what the failed answer said of its content is forgotten.</summary>
    public void ClearForNewAnswer()
    {
        StatusText = ContentType = Charset = LastModifiedText = Location = ServerText = Server = Date = Etag = default;
        ContentLength = LastModified = -1;
        Headers.Clear();
        IsOwn = AllowRanges = IsSingleRange = false;
        BodyRange = null;
        Parts = null;
        AddTrailers = null;
    }
}
