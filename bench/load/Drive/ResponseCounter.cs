using System.Buffers.Text;

namespace Countersign.Load.Drive;

/// <summary>Knows when a response with a Content-Length has come whole. Its head has to come in one piece: it is shorter than a record.</summary>
internal struct ResponseCounter
{
    private long _missing;

    public int Status { get; private set; }

    /// <returns>True with the last byte of the response.</returns>
    /// <exception cref="LoadException">A head that cannot be counted by.</exception>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        if (Status == 0)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0 || ContentLength.Of(bytes[..(end + 2)]) is not { } length || !Utf8Parser.TryParse(bytes[9..12], out int status, out _))
            {
                throw new LoadException("a response came whose head is not whole or has no Content-Length");
            }
            (Status, _missing) = (status, length);
            bytes = bytes[(end + 4)..];
        }
        _missing -= bytes.Length;
        return _missing <= 0;
    }
}
