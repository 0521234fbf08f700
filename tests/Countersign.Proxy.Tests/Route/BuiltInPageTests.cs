using System.Text;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class BuiltInPageTests
{
    [Fact]
    public void A_page_is_nginx_s_byte_for_byte_but_for_the_name() => Page(404).ShouldBe(
        "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n"
        + "<hr><center>name/1</center>\r\n</body>\r\n</html>\r\n");

    [Theory]
    [InlineData(494, "400 Request Header Or Cookie Too Large", "Request Header Or Cookie Too Large")]
    [InlineData(495, "400 The SSL certificate error", "The SSL certificate error")]
    [InlineData(496, "400 No required SSL certificate was sent", "No required SSL certificate was sent")]
    [InlineData(497, "400 The plain HTTP request was sent to HTTPS port", "The plain HTTP request was sent to HTTPS port")]
    public void A_refusal_before_HTTP_is_a_bad_request_with_its_reason(int status, string title, string reason) => Page(status).ShouldBe(
        $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>{reason}</center>\r\n"
        + "<hr><center>name/1</center>\r\n</body>\r\n</html>\r\n");

    [Theory]
    [InlineData(302, "302 Found")]
    [InlineData(401, "401 Authorization Required")]
    [InlineData(405, "405 Not Allowed")]
    [InlineData(408, "408 Request Time-out")]
    [InlineData(498, "404 Not Found")]
    [InlineData(503, "503 Service Temporarily Unavailable")]
    public void Titles_are_nginx_s_own(int status, string title) => Page(status).ShouldContain($"<title>{title}</title>");

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(300)]
    [InlineData(304)]
    [InlineData(418)]
    [InlineData(499)]
    [InlineData(511)]
    public void Other_statuses_have_no_page(int status) => Page(status).ShouldBeEmpty();

    private static string Page(int status) => Encoding.ASCII.GetString(BuiltInPage.Of(status, "name/1"));
}
